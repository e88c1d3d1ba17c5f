use std::path::Path;
use std::time::{Duration, Instant};

use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, CloseDown, ConnectionExt as _, CreateWindowAux, EventMask,
    InputFocus, MapState, PropMode, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent,
    Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::screen::Screen;

/// The version of the protocol for dropping things that everybody speaks.
const XDND_VERSION: u32 = 5;
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// The program's window as the X server knows it, and another program beside it: what a window's frame, a file
/// browser and other windows do. There is no window manager.
pub(super) struct Frame {
    x: RustConnection,
    root: Window,
    window: Window,
}

impl Frame {
    pub(super) fn of(screen: &Screen) -> Self {
        Self::shown_on(screen).expect("a window called Stallkeeper is shown")
    }

    /// The same, if it is in sight.
    pub(super) fn shown_on(screen: &Screen) -> Option<Self> {
        let (x, number) = x11rb::connect(Some(screen.display())).expect("the X server listens");
        let root = x.setup().roots[number].root;
        let mut frame = Self { x, root, window: 0 };
        let shown = frame.windows().into_iter().filter(|window| frame.is_titled(*window, "Stallkeeper"));
        frame.window = shown.last()?;
        Some(frame)
    }

    /// Asks the program to close it.
    pub(super) fn close(&self) {
        let data = [self.atom("WM_DELETE_WINDOW"), CURRENT_TIME, 0, 0, 0];
        self.tell("WM_PROTOCOLS", data);
    }

    /// Shows another program's window above it, with the keyboard.
    pub(super) fn cover(&self) {
        let other = self.another(1280, 800);
        self.x.map_window(other).expect("the X server listens");
        self.x.sync().expect("it is shown");
        let focus = self.x.set_input_focus(InputFocus::PARENT, other, CURRENT_TIME);
        focus.expect("the X server listens").check().expect("it gets the keyboard");
        // It would end with this connection otherwise.
        let kept = self.x.set_close_down_mode(CloseDown::RETAIN_PERMANENT);
        kept.expect("the X server listens").check().expect("it stays");
    }

    /// Whether no window is above it.
    pub(super) fn is_in_front(&self) -> bool {
        self.windows().last() == Some(&self.window)
    }

    /// Whether the keyboard belongs to it or to a part of it.
    pub(super) fn has_keyboard(&self) -> bool {
        let asked = self.x.get_input_focus().expect("the X server listens");
        let mut window = asked.reply().expect("whose the keyboard is").focus;
        // The root window has no parent, and neither have "nobody" and "whoever is pointed at".
        while window != self.window && window > 1 {
            let asked = self.x.query_tree(window).expect("the X server listens");
            window = asked.reply().map_or(0, |tree| tree.parent);
        }
        window == self.window
    }

    /// Plays a file browser that lets one file fall into the middle of the window (XDND).
    pub(super) fn drop_file(&self, file: &Path) {
        let source = self.another(1, 1);
        let (selection, list) = (self.atom("XdndSelection"), self.atom("text/uri-list"));
        let taken = self.x.set_selection_owner(source, selection, CURRENT_TIME);
        taken.expect("the X server listens").check().expect("the selection is ours");
        let path = file.to_str().expect("a plain path").replace(' ', "%20");
        let goods = format!("file://{path}\r\n");
        let copy = self.atom("XdndActionCopy");
        self.tell("XdndEnter", [source, XDND_VERSION << 24, list, 0, 0]);
        let place = (640 << 16) | 400;
        for _ in 0..2 {
            self.tell("XdndPosition", [source, 0, place, CURRENT_TIME, copy]);
            self.until("XdndStatus", &goods);
        }
        self.tell("XdndDrop", [source, 0, CURRENT_TIME, 0, 0]);
        self.until("XdndFinished", &goods);
    }

    /// Answers questions for the goods until the window sends this message.
    fn until(&self, message: &str, goods: &str) {
        let awaited = self.atom(message);
        let deadline = Instant::now() + ANSWERS_WITHIN;
        while Instant::now() < deadline {
            match self.x.poll_for_event().expect("the X server speaks") {
                Some(Event::SelectionRequest(request)) => self.hand_over(&request, goods),
                Some(Event::ClientMessage(told)) if told.type_ == awaited => return,
                Some(_) => {}
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        panic!("the window sends no {message}");
    }

    fn hand_over(&self, request: &SelectionRequestEvent, goods: &str) {
        let SelectionRequestEvent { requestor, property, target, selection, time, .. } = *request;
        let list = self.atom("text/uri-list");
        let property = if target == list { property } else { Atom::from(AtomEnum::NONE) };
        if target == list {
            let written =
                self.x.change_property8(PropMode::REPLACE, requestor, property, list, goods.as_bytes());
            written.expect("the X server listens");
        }
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time,
            requestor,
            selection,
            target,
            property,
        };
        self.x.send_event(false, requestor, EventMask::NO_EVENT, answer).expect("the X server listens");
        self.x.flush().expect("the X server listens");
    }

    fn tell(&self, kind: &str, data: [u32; 5]) {
        let message = ClientMessageEvent::new(32, self.window, self.atom(kind), data);
        let sent = self.x.send_event(false, self.window, EventMask::NO_EVENT, message);
        sent.expect("the X server listens").check().expect("the window is there");
    }

    fn another(&self, width: u16, height: u16) -> Window {
        let id = self.x.generate_id().expect("an id");
        let made = self.x.create_window(
            x11rb::COPY_DEPTH_FROM_PARENT,
            id,
            self.root,
            0,
            0,
            width,
            height,
            0,
            WindowClass::INPUT_OUTPUT,
            x11rb::COPY_FROM_PARENT,
            &CreateWindowAux::new(),
        );
        made.expect("the X server listens").check().expect("a window");
        id
    }

    /// All windows in sight, the uppermost last.
    fn windows(&self) -> Vec<Window> {
        let tree = self.x.query_tree(self.root).expect("the X server listens").reply().expect("the windows");
        let shown = |window: &Window| {
            let asked = self.x.get_window_attributes(*window).expect("the X server listens");
            // It may be gone by now.
            asked.reply().is_ok_and(|looks| looks.map_state == MapState::VIEWABLE)
        };
        tree.children.into_iter().filter(shown).collect()
    }

    fn is_titled(&self, window: Window, title: &str) -> bool {
        let (name, any) = (AtomEnum::WM_NAME, AtomEnum::ANY);
        let asked = self.x.get_property(false, window, name, any, 0, 64).expect("the X server listens");
        asked.reply().is_ok_and(|text| text.value == title.as_bytes())
    }

    fn atom(&self, name: &str) -> Atom {
        let asked = self.x.intern_atom(false, name.as_bytes()).expect("the X server listens");
        asked.reply().expect("an atom").atom
    }
}
