use std::path::Path;
use std::time::{Duration, Instant};

use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, CloseDown, ConnectionExt as _, CreateWindowAux, EventMask,
    ImageFormat, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState, PropMode, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
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

    /// The dialog of the system that it shows.
    pub(super) fn dialog(&self) -> Option<Window> {
        let (kind, dialog) = (self.atom("_NET_WM_WINDOW_TYPE"), self.atom("_NET_WM_WINDOW_TYPE_DIALOG"));
        let is_dialog = |window: &Window| {
            let asked = self.x.get_property(false, *window, kind, AtomEnum::ATOM, 0, 1);
            let kind = asked.expect("the X server listens").reply();
            kind.is_ok_and(|kind| kind.value32().is_some_and(|mut kinds| kinds.next() == Some(dialog)))
        };
        self.windows().into_iter().rev().find(is_dialog)
    }

    /// Types the path of a file into that dialog, in place of what it proposed, and confirms it.
    pub(super) fn type_path(&self, path: &str) {
        const ENTER: u32 = 0xff0d;
        const CONTROL: u32 = 0xffe3;
        let keys = Keyboard::of(&self.x);
        self.focus_dialog();
        let before = self.dialog_at_rest();
        keys.press_with(&self.x, CONTROL, u32::from('a'));
        let mut letters = path.chars().map(u32::from);
        // The dialog that opens files has no field before a path begins.
        keys.press(&self.x, letters.next().expect("a path"));
        let deadline = Instant::now() + ANSWERS_WITHIN;
        while self.dialog_at_rest() == before {
            assert!(Instant::now() < deadline, "the dialog takes no path");
        }
        letters.for_each(|letter| keys.press(&self.x, letter));
        self.dialog_at_rest();
        keys.press(&self.x, ENTER);
    }

    /// What the dialog looks like once it looks the same for a moment.
    fn dialog_at_rest(&self) -> Vec<u8> {
        let deadline = Instant::now() + ANSWERS_WITHIN;
        let mut before = Vec::new();
        while Instant::now() < deadline {
            let Some(dialog) = self.dialog() else { return Vec::new() };
            let asked = self.x.get_geometry(dialog).expect("the X server listens");
            let Ok(size) = asked.reply() else { return Vec::new() };
            // Of what lies beyond the edge of the screen there is no picture.
            let (left, top) = ((-size.x).max(0), (-size.y).max(0));
            let shown = |place: i16, long: u16, screen: i16, hidden: i16| {
                let end = i16::try_from(long).unwrap_or(i16::MAX).min(screen.saturating_sub(place));
                u16::try_from(end - hidden).unwrap_or_default()
            };
            let (width, height) =
                (shown(size.x, size.width, 1280, left), shown(size.y, size.height, 800, top));
            let (format, every) = (ImageFormat::Z_PIXMAP, u32::MAX);
            let asked = self.x.get_image(format, dialog, left, top, width, height, every);
            let now =
                asked.expect("the X server listens").reply().map(|image| image.data).unwrap_or_default();
            if !now.is_empty() && now == before {
                return now;
            }
            before = now;
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the dialog never comes to rest");
    }

    fn focus_dialog(&self) {
        let dialog = self.dialog().expect("a dialog of the system");
        let focus = self.x.set_input_focus(InputFocus::PARENT, dialog, CURRENT_TIME);
        focus.expect("the X server listens").check().expect("it gets the keyboard");
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

/// Which keys of the X server's keyboard make which letters.
struct Keyboard {
    first: u8,
    keys: Vec<Vec<u32>>,
    shift: u8,
}

impl Keyboard {
    fn of(x: &RustConnection) -> Self {
        const SHIFT: u32 = 0xffe1;
        let (first, last) = (x.setup().min_keycode, x.setup().max_keycode);
        let asked = x.get_keyboard_mapping(first, last - first + 1).expect("the X server listens");
        let map = asked.reply().expect("the keyboard");
        let keys = map.keysyms.chunks(map.keysyms_per_keycode.into()).map(<[u32]>::to_vec).collect();
        let mut keyboard = Self { first, keys, shift: 0 };
        keyboard.shift = keyboard.find(SHIFT).0;
        keyboard
    }

    /// The key that makes this letter, and whether with Shift.
    fn find(&self, letter: u32) -> (u8, bool) {
        let makes = |level: usize| self.keys.iter().position(|key| key.get(level) == Some(&letter));
        let (place, shifted) = makes(0)
            .map(|place| (place, false))
            .or_else(|| makes(1).map(|place| (place, true)))
            .unwrap_or_else(|| panic!("no key makes {letter:#x}"));
        (self.first + u8::try_from(place).expect("few keys"), shifted)
    }

    fn press(&self, x: &RustConnection, letter: u32) {
        let (key, shifted) = self.find(letter);
        let held = if shifted { vec![self.shift] } else { Vec::new() };
        Self::strike(x, &held, key);
    }

    fn press_with(&self, x: &RustConnection, held: u32, letter: u32) {
        Self::strike(x, &[self.find(held).0], self.find(letter).0);
    }

    fn strike(x: &RustConnection, held: &[u8], key: u8) {
        let strike = |kind: u8, key: u8| {
            let struck = x.xtest_fake_input(kind, key, CURRENT_TIME, x11rb::NONE, 0, 0, 0);
            struck.expect("the X server listens").check().expect("it has a keyboard");
        };
        held.iter().for_each(|key| strike(KEY_PRESS_EVENT, *key));
        strike(KEY_PRESS_EVENT, key);
        strike(KEY_RELEASE_EVENT, key);
        held.iter().for_each(|key| strike(KEY_RELEASE_EVENT, *key));
    }
}
