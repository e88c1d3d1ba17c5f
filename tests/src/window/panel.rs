use std::collections::HashMap;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use zbus::blocking::{Connection, Proxy, connection};
use zbus::zvariant::{OwnedValue, Structure, Value};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";
const PORTAL: &str = "/org/freedesktop/portal/desktop";
const APPEARANCE: &str = "org.freedesktop.appearance";
const COLOURS: &str = "color-scheme";

/// A desktop's panel: it shows icons of programs and their menus, shows notifications, keeps the computer awake for
/// whoever asks, and says whether the desktop is dark.
#[derive(Clone)]
pub struct Panel {
    bus: Connection,
    icons: Arc<Mutex<Vec<(String, String)>>>,
    notices: Arc<Mutex<Vec<(String, String)>>>,
    inhibitors: Arc<Mutex<Vec<(String, UnixStream)>>>,
    dark: Arc<AtomicBool>,
}

/// A line of an icon's menu.
struct Entry {
    id: i32,
    label: String,
    enabled: bool,
    ticked: bool,
}

struct Watcher(Arc<Mutex<Vec<(String, String)>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, path: &str, #[zbus(header)] header: zbus::message::Header<'_>) {
        let sender = header.sender().expect("a sender").to_string();
        self.0.lock().expect("the icons").push((sender, path.to_owned()));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

struct Notices(Arc<Mutex<Vec<(String, String)>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notices {
    #[expect(clippy::too_many_arguments, reason = "the standard has them")]
    fn notify(
        &self,
        _program: &str,
        _replaces: u32,
        _icon: &str,
        title: &str,
        text: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut notices = self.0.lock().expect("the notices");
        notices.push((title.to_owned(), text.to_owned()));
        u32::try_from(notices.len()).expect("few")
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned(), "actions".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let word = |text: &str| text.to_owned();
        (word("panel"), word("tests"), word("1"), word("1.2"))
    }
}

struct Power(Arc<Mutex<Vec<(String, UnixStream)>>>);

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Power {
    fn inhibit(&self, what: &str, who: &str, _why: &str, _mode: &str) -> zbus::zvariant::OwnedFd {
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        ours.set_nonblocking(true).expect("it does not wait");
        self.0.lock().expect("the inhibitors").push((format!("{what} for {who}"), ours));
        OwnedFd::from(theirs).into()
    }
}

/// What programs ask about the desktop's looks.
struct Looks(Arc<AtomicBool>);

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Looks {
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        if (namespace, key) != (APPEARANCE, COLOURS) {
            return Err(zbus::fdo::Error::Failed("no such setting".to_owned()));
        }
        // The first version of this interface wraps the value twice, and whoever uses it counts on that.
        let value = Value::Value(Box::new(u32::from(self.0.load(Ordering::Relaxed)).into()));
        Ok(value.try_into().map_err(zbus::Error::from)?)
    }
}

impl Panel {
    /// Shows up on the bus at this address.
    pub(super) fn start(bus: &str) -> Self {
        let (icons, notices, inhibitors, dark) = Default::default();
        let started = |bus: &str| {
            connection::Builder::address(bus)?
                .serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&icons)))?
                .serve_at("/org/freedesktop/Notifications", Notices(Arc::clone(&notices)))?
                .serve_at("/org/freedesktop/login1", Power(Arc::clone(&inhibitors)))?
                .serve_at(PORTAL, Looks(Arc::clone(&dark)))?
                .name(WATCHER)?
                .name("org.freedesktop.Notifications")?
                .name("org.freedesktop.login1")?
                .name("org.freedesktop.portal.Desktop")?
                .build()
        };
        Self { bus: started(bus).expect("a place on the bus"), icons, notices, inhibitors, dark }
    }

    /// What the icon's menu says, line by line; a tick stands before what is on, and what cannot be chosen is in brackets.
    pub fn menu(&self) -> Vec<String> {
        let entries = self.menu_of_icon().map(|menu| entries(&menu)).unwrap_or_default();
        let line = |entry: Entry| {
            let label = if entry.enabled { entry.label } else { format!("({})", entry.label) };
            if entry.ticked { format!("✓ {label}") } else { label }
        };
        entries.into_iter().filter(|entry| !entry.label.is_empty()).map(line).collect()
    }

    /// Clicks the one entry that begins so.
    pub fn choose(&self, beginning: &str) {
        let menu = self.menu_of_icon().expect("an icon with a menu");
        let found: Vec<_> =
            entries(&menu).into_iter().filter(|entry| entry.label.starts_with(beginning)).collect();
        let [entry] = found.as_slice() else { panic!("{} entries begin with {beginning:?}", found.len()) };
        assert!(entry.enabled, "{beginning:?} cannot be chosen");
        let nothing = Value::from("");
        let clicked: zbus::Result<()> = menu.call("Event", &(entry.id, "clicked", nothing, 0_u32));
        clicked.expect("the menu is there");
    }

    /// The notifications so far: title and text.
    pub fn notices(&self) -> Vec<(String, String)> {
        self.notices.lock().expect("the notices").clone()
    }

    /// Clicks the newest notification.
    pub fn click_notice(&self) {
        let id = u32::try_from(self.notices().len()).expect("few");
        let (path, interface) = ("/org/freedesktop/Notifications", "org.freedesktop.Notifications");
        let told = self.bus.emit_signal(None::<&str>, path, interface, "ActionInvoked", &(id, "default"));
        told.expect("the bus is there");
    }

    /// Turns the desktop dark or light.
    pub fn look(&self, dark: bool) {
        self.dark.store(dark, Ordering::Relaxed);
        let news = (APPEARANCE, COLOURS, Value::from(u32::from(dark)));
        let interface = "org.freedesktop.portal.Settings";
        let told = self.bus.emit_signal(None::<&str>, PORTAL, interface, "SettingChanged", &news);
        told.expect("the bus is there");
    }

    /// What keeps the computer awake now.
    pub fn inhibitors(&self) -> Vec<String> {
        let mut held = self.inhibitors.lock().expect("the inhibitors");
        // Who lets go closes their end.
        held.retain_mut(|(_, end)| !matches!(end.read(&mut [0]), Ok(0)));
        held.iter().map(|(what, _)| what.clone()).collect()
    }

    fn menu_of_icon(&self) -> Option<Proxy<'_>> {
        let (program, path) = self.icons.lock().expect("the icons").last().cloned()?;
        let icon = Proxy::new(&self.bus, program.clone(), path, ITEM).ok()?;
        let menu: zbus::zvariant::OwnedObjectPath = icon.get_property("Menu").ok()?;
        Proxy::new(&self.bus, program, menu, MENU).ok()
    }
}

fn entries(menu: &Proxy<'_>) -> Vec<Entry> {
    type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));
    let layout: zbus::Result<Layout> = menu.call("GetLayout", &(0, -1, Vec::<&str>::new()));
    let Ok((_, (_, _, children))) = layout else { return Vec::new() };
    children.into_iter().filter_map(entry).collect()
}

fn entry(value: OwnedValue) -> Option<Entry> {
    let structure = Structure::try_from(value).ok()?;
    let [id, properties, _] = structure.fields() else { return None };
    let properties: HashMap<String, OwnedValue> = properties.try_clone().ok()?.try_into().ok()?;
    let text = |name: &str| properties.get(name).and_then(|value| <&str>::try_from(value).ok());
    Some(Entry {
        id: i32::try_from(id).ok()?,
        label: text("label").unwrap_or_default().to_owned(),
        enabled: properties.get("enabled").is_none_or(|value| bool::try_from(value).unwrap_or(true)),
        ticked: properties.get("toggle-state").is_some_and(|value| i32::try_from(value) == Ok(1)),
    })
}
