use std::time::{Duration, Instant};

use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, CreateWindowAux, WindowClass};

use super::screen::Screen;

const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// What a program would paste on this screen; none while nobody has copied a text.
pub(super) fn text(screen: &Screen) -> Option<String> {
    let (x, number) = x11rb::connect(Some(screen.display())).expect("the X server listens");
    let (root, window) = (x.setup().roots[number].root, x.generate_id().expect("an id"));
    let depth = x11rb::COPY_DEPTH_FROM_PARENT;
    let (kind, visual, looks) = (WindowClass::INPUT_ONLY, x11rb::COPY_FROM_PARENT, CreateWindowAux::new());
    x.create_window(depth, window, root, 0, 0, 1, 1, 0, kind, visual, &looks).expect("the X server listens");
    let atom = |name: &str| {
        let asked = x.intern_atom(false, name.as_bytes()).expect("the X server listens");
        asked.reply().expect("an atom").atom
    };
    let (clipboard, text) = (atom("CLIPBOARD"), atom("UTF8_STRING"));
    x.convert_selection(window, clipboard, text, text, CURRENT_TIME).expect("the X server listens");
    x.flush().expect("the X server listens");
    let deadline = Instant::now() + ANSWERS_WITHIN;
    while Instant::now() < deadline {
        match x.poll_for_event().expect("the X server listens") {
            Some(Event::SelectionNotify(told)) if told.property == x11rb::NONE => return None,
            Some(Event::SelectionNotify(told)) => {
                let read = x.get_property(true, window, told.property, AtomEnum::ANY, 0, 1024);
                let read = read.expect("the X server listens").reply().expect("the text");
                return String::from_utf8(read.value).ok();
            }
            Some(_) => {}
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    None
}
