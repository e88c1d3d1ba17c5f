use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::driver::{Element, Refused, Session};
use crate::eventually;

/// How long something may take to appear that the test did not time itself.
const PATIENCE: Duration = Duration::from_secs(15);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The page, or a part of it such as a dialog. What is in it is found as a person finds it who hears the page: by
/// what it is and what it is called, both as the browser tells them. A name that ends in `*` is only the beginning.
#[derive(Clone)]
pub struct Part {
    session: Session,
    element: Option<Element>,
}

/// A key that is not a letter, as WebDriver spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Enter.
    Enter,
    /// Esc.
    Escape,
    /// Control, held while the next character is pressed.
    Control,
    /// Shift, likewise.
    Shift,
    /// Tab.
    Tab,
}

impl Key {
    const fn code(self) -> char {
        match self {
            Self::Enter => '\u{e007}',
            Self::Escape => '\u{e00c}',
            Self::Control => '\u{e009}',
            Self::Shift => '\u{e008}',
            Self::Tab => '\u{e004}',
        }
    }
}

impl Part {
    pub(super) fn whole(session: Session) -> Self {
        Self { session, element: None }
    }

    /// Where the page comes from.
    pub(super) async fn location(&self) -> String {
        let place = self.session.run("return location.href", json!([])).await.expect("a page");
        place.as_str().expect("an address").to_owned()
    }

    /// The text in sight, with one space wherever there is any room between words.
    pub async fn text(&self) -> String {
        self.lines().await.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text in sight.
    pub(super) async fn lines(&self) -> String {
        let script = "return (arguments[0] ?? document.body)?.innerText ?? ''";
        let text = self.session.run(script, json!([self.json()])).await;
        text.map(|text| text.as_str().unwrap_or_default().to_owned()).unwrap_or_default()
    }

    /// Waits until this text is in sight.
    pub async fn says(&self, words: &str) {
        self.says_within(words, PATIENCE).await;
    }

    /// Waits until this text is in sight, and answers how long that took. Panics when it takes longer than `limit`.
    pub async fn says_within(&self, words: &str, limit: Duration) -> Duration {
        let began = Instant::now();
        while !self.text().await.contains(words) {
            if began.elapsed() > limit {
                panic!("{words:?} does not appear within {limit:?}");
            }
            sleep(LOOK_AGAIN).await;
        }
        began.elapsed()
    }

    /// Waits until this text is no longer in sight.
    pub async fn no_longer_says(&self, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.text().await.contains(words) {
            assert!(Instant::now() < deadline, "{words:?} stays");
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until those who hear the page are told this without being interrupted.
    pub async fn hears(&self, words: &str) {
        let script =
            "return [...document.querySelectorAll('[aria-live=polite]')].map((each) => each.textContent)";
        eventually(words, async || {
            let said = self.session.run(script, json!([])).await.unwrap_or_default();
            said.as_array()
                .into_iter()
                .flatten()
                .any(|said| said.as_str().is_some_and(|said| said.contains(words)))
        })
        .await;
    }

    /// What those who hear the page are told about a field beside its name, and whether that is a complaint.
    pub async fn complaint(&self, name: &str) -> Option<String> {
        self.only("textbox", name, async |element| {
            let script = "const [field] = arguments; return field.getAttribute('aria-invalid') === 'true' ? \
                (field.getAttribute('aria-describedby') ?? '').split(' ') \
                .map((id) => document.getElementById(id)?.textContent).join(' ') : null";
            let said = self.session.run(script, json!([element.to_json()])).await?;
            Ok(said.as_str().map(str::to_owned))
        })
        .await
    }

    /// Whether there is such a thing now.
    pub async fn has(&self, role: &str, name: &str) -> bool {
        self.find(role, name).await.is_ok_and(|found| !found.is_empty())
    }

    /// Everything of that kind, in the page's order, with its name.
    pub async fn names(&self, role: &str) -> Vec<String> {
        let mut names = Vec::new();
        for element in self.find(role, "*").await.unwrap_or_default() {
            names.push(self.session.name_of(&element).await.unwrap_or_default());
        }
        names
    }

    /// The one part that is this; waits for it.
    pub async fn part(&self, role: &str, name: &str) -> Self {
        let element = self.only(role, name, async |element| Ok(element)).await;
        Self { session: self.session.clone(), element: Some(element) }
    }

    /// Waits until there is no such thing.
    pub async fn is_rid_of(&self, role: &str, name: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.has(role, name).await {
            assert!(Instant::now() < deadline, "the {role} {name:?} stays");
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Presses it with the pointer.
    pub async fn press(&self, role: &str, name: &str) {
        let press = async |element: Element| {
            let still =
                self.session.run_until_done(include_str!("still.js"), json!([element.to_json()])).await?;
            if still != json!(true) {
                return Err(Refused {
                    code: "moves".to_owned(),
                    message: "it does not stand still".to_owned(),
                });
            }
            self.session.click(&element).await
        };
        self.only(role, name, press).await;
    }

    /// Presses what ends the program, which may be gone before the press is answered.
    pub async fn press_last(&self, role: &str, name: &str) {
        let deadline = Instant::now() + PATIENCE;
        let element = self.only(role, name, async |element| Ok(element)).await;
        while let Err(Refused { code, message }) = self.session.click(&element).await {
            let gone = ["invalid session id", "no answer"];
            if self.find(role, name).await.is_err_and(|refused| gone.contains(&refused.code.as_str())) {
                return;
            }
            assert!(Instant::now() < deadline, "the {role} {name:?}: it is not ready: {code}: {message}");
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Presses it `times` times as fast as a hand can, wherever the pointer then is.
    pub async fn press_quickly(&self, role: &str, name: &str, times: usize) {
        self.only(role, name, async |element| {
            let mut steps =
                vec![json!({ "type": "pointerMove", "x": 0, "y": 0, "origin": element.to_json() })];
            for _ in 0..times {
                steps.push(json!({ "type": "pointerDown", "button": 0 }));
                steps.push(json!({ "type": "pointerUp", "button": 0 }));
            }
            self.session.act(json!({ "type": "pointer", "id": "mouse", "actions": steps })).await
        })
        .await;
    }

    /// Writes into the field of that name, in place of what it held.
    pub async fn fill(&self, name: &str, text: &str) {
        self.only("textbox", name, async |element| self.session.click(&element).await).await;
        // As a person does it: select what is there, and write.
        self.chord(&[Key::Control], Some('a')).await;
        self.types(text).await;
    }

    /// Types letters, wherever the keyboard is.
    pub async fn types(&self, letters: &str) {
        self.act_on_keys(letters.chars().collect(), false).await;
    }

    /// What the keyboard is on: its role, and its name or else its text.
    pub async fn focus(&self) -> (String, String) {
        let found = self.session.run("return document.activeElement", json!([])).await.expect("a page");
        let Some(element) = Element::from_json(&found) else { return Default::default() };
        let role = self.session.role_of(&element).await.unwrap_or_default();
        let name = self.session.name_of(&element).await.unwrap_or_default();
        let part = Self { session: self.session.clone(), element: Some(element) };
        (role, if name.is_empty() { part.text().await } else { name })
    }

    /// Whether the page shows where the keyboard is.
    pub async fn shows_focus(&self) -> bool {
        let shown = self.session.run(include_str!("focus.js"), json!([])).await;
        shown.expect("a page").as_bool() == Some(true)
    }

    /// Goes on with Tab until the keyboard is on such a thing, and sees on the way where it is.
    pub async fn tab_to(&self, role: &str, name: &str) {
        let (beginning, whole) = name.strip_suffix('*').map_or((name, true), |beginning| (beginning, false));
        let mut passed = Vec::new();
        while passed.len() < 60 {
            self.chord(&[Key::Tab], None).await;
            let (what, called) = self.focus().await;
            assert!(self.shows_focus().await, "nobody sees that the keyboard is on the {what} {called:?}");
            if what == role && if whole { called == name } else { called.starts_with(beginning) } {
                return;
            }
            passed.push((what, called));
        }
        panic!("the keyboard never came to the {role} {name:?}, but to {passed:?}");
    }

    /// Presses keys together: all down in their order, then all up.
    pub async fn chord(&self, keys: &[Key], letter: Option<char>) {
        self.act_on_keys(keys.iter().map(|key| key.code()).chain(letter).collect(), true).await;
    }

    async fn act_on_keys(&self, keys: Vec<char>, together: bool) {
        let step = |kind: &str, key: char| json!({ "type": kind, "value": key.to_string() });
        let mut steps = Vec::new();
        if together {
            steps.extend(keys.iter().map(|key| step("keyDown", *key)));
            steps.extend(keys.iter().rev().map(|key| step("keyUp", *key)));
        } else {
            steps.extend(keys.iter().flat_map(|key| [step("keyDown", *key), step("keyUp", *key)]));
        }
        let typed = self.session.act(json!({ "type": "key", "id": "keyboard", "actions": steps })).await;
        typed.expect("the keys are pressed");
    }

    /// Whether it has the colours of the night.
    pub async fn is_dark(&self) -> bool {
        let script = "const [, ...rgb] = getComputedStyle(document.body).backgroundColor.match(/(\\d+), (\\d+), (\\d+)/); \
            return rgb.every((part) => part < 64)";
        self.session.run(script, json!([])).await.expect("a page") == Value::Bool(true)
    }

    /// Lets the page try to leave for somewhere else, and answers where it is a moment later.
    pub async fn tries_to_go(&self, url: &str) -> String {
        let _ = self.session.run("location.href = arguments[0]", json!([url])).await;
        // Nobody tells that nothing happened.
        sleep(Duration::from_millis(300)).await;
        self.location().await
    }

    /// How many things stand in the page that nobody of its makers put there: what would run or load for a stranger.
    pub async fn strangers(&self) -> usize {
        let script = "return document.querySelectorAll('[onerror], iframe, object, embed, script:not([src]), \
            img:not([src^=\"data:\"]):not([src^=\"/\"])').length";
        let count = self.session.run(script, json!([])).await.expect("a page");
        count.as_u64().and_then(|count| usize::try_from(count).ok()).expect("a number")
    }

    /// Goes back to what the page showed before.
    pub async fn go_back(&self) {
        self.session.run("history.back()", json!([])).await.expect("a page");
    }

    /// Reads the page again.
    pub async fn read_again(&self) {
        self.session.refresh().await.expect("a page");
    }

    /// Runs a function's body in the page that calls its last argument with a number when it is done.
    pub async fn measure(&self, script: &str, arguments: Value) -> Value {
        self.session.run_until_done(script, arguments).await.expect("the script ends")
    }

    /// Waits until exactly one thing is meant, and does something with it. What the page took away in between, or
    /// what still lies under something else, is looked for again.
    async fn only<T>(&self, role: &str, name: &str, act: impl AsyncFn(Element) -> Result<T, Refused>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let why = match self.find(role, name).await {
                Ok(mut found) if found.len() == 1 => match act(found.remove(0)).await {
                    Ok(done) => return done,
                    Err(Refused { code, message }) => format!("it is not ready: {code}: {message}"),
                },
                Ok(found) => format!("there are {}", found.len()),
                Err(Refused { code, message }) => format!("{code}: {message}"),
            };
            assert!(Instant::now() < deadline, "the {role} {name:?}: {why}");
            sleep(LOOK_AGAIN).await;
        }
    }

    async fn find(&self, role: &str, name: &str) -> Result<Vec<Element>, Refused> {
        let (wanted, whole) = match name.strip_suffix('*') {
            Some(beginning) => (beginning, false),
            None => (name, true),
        };
        let script = include_str!("find.js");
        let found = self.session.run(script, json!([self.json(), role, wanted])).await?;
        let mut right = Vec::new();
        for element in found.as_array().into_iter().flatten().filter_map(Element::from_json) {
            if self.session.role_of(&element).await? != role {
                continue;
            }
            let called = self.session.name_of(&element).await?;
            if if whole { called == wanted } else { called.starts_with(wanted) } {
                right.push(element);
            }
        }
        Ok(right)
    }

    fn json(&self) -> Value {
        self.element.as_ref().map_or(Value::Null, Element::to_json)
    }
}
