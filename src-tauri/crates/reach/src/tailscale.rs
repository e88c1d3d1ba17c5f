//! What is said to `tailscale`, and what it says.

use crate::line::url_on;

/// Where Funnel's addresses are.
const FUNNEL: &str = ".ts.net";
/// Where Tailscale asks to be allowed to.
const ADMINISTRATION: &str = "login.tailscale.com/";

/// The arguments. In the foreground, so that Funnel ends with the program.
pub(crate) fn funnel(target: &str) -> Vec<String> {
    ["funnel", target].map(str::to_owned).to_vec()
}

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Tailscale {
    announced: bool,
    url: Option<String>,
    permission: Option<String>,
}

impl Tailscale {
    /// Reads a line.
    pub(crate) fn read(&mut self, line: &str) {
        self.announced |= line.contains("Available on the internet") || line.contains("Funnel started");
        if let Some(url) = url_on(line, FUNNEL).filter(|_| self.announced) {
            self.url = Some(url.to_owned());
            self.permission = None;
        }
        if line.contains(ADMINISTRATION)
            && let Some(link) =
                line.split_whitespace().find(|word| word.starts_with("https://login.tailscale.com/"))
        {
            self.permission = Some(link.chars().take(200).collect());
        }
    }

    /// The address, once it is open to everybody.
    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// What the seller has to do first.
    pub(crate) fn wants(&self) -> Option<String> {
        let link = self.permission.as_deref()?;
        Some(format!("Tailscale has to allow it first. Open {link} and allow it; it goes on by itself then."))
    }
}

/// What a complaint means, where that is known.
pub(crate) fn trouble(line: &str) -> Option<&'static str> {
    let says = |signs: &[&str]| signs.iter().any(|sign| line.contains(sign));
    if says(&["Logged out", "NeedsLogin", "not logged in", "tailscale up"]) {
        Some("Tailscale is not signed in on this computer. Open Tailscale and sign in.")
    } else if says(&["doesn't appear to be running", "failed to connect to local"]) {
        Some("Tailscale does not run on this computer. Start it.")
    } else if says(&["Access denied", "access denied", "permission denied"]) {
        Some("Tailscale does not let you change this. Run once: sudo tailscale set --operator=$USER")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_counts_once_it_is_open_to_everybody() {
        let mut read = Tailscale::default();
        read.read("https://desk.tail1234.ts.net/");
        assert_eq!(read.url(), None);
        let said = "Available on the internet:\n\nhttps://desk.tail1234.ts.net/\n|-- proxy http://127.0.0.1:4021\n\nPress Ctrl+C to exit.";
        said.lines().for_each(|line| read.read(line));
        assert_eq!(read.url(), Some("https://desk.tail1234.ts.net"));
    }

    #[test]
    fn what_has_to_be_allowed_first_is_passed_on_with_its_link() {
        let mut read = Tailscale::default();
        let said = "Funnel is not enabled on your tailnet.\nTo enable, visit:\n\n         https://login.tailscale.com/f/funnel?node=abc\n";
        said.lines().for_each(|line| read.read(line));
        assert!(read.wants().unwrap().contains("https://login.tailscale.com/f/funnel?node=abc"));
        "Available on the internet:\nhttps://a.b.ts.net:8443/".lines().for_each(|line| read.read(line));
        assert_eq!((read.wants(), read.url()), (None, Some("https://a.b.ts.net:8443")));
    }
}
