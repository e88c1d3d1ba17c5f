//! The real window on a desktop with a tray, notifications and a power manager.

use std::time::{Duration, Instant};

use integration::{Panel, Stall, Window, eventually};
use serde_json::Value;

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy_at, funded};

async fn menu_says(panel: &Panel, line: &str) {
    eventually(line, async || panel.menu().iter().any(|shown| shown == line)).await;
}

async fn payment(stall: &Stall) -> Value {
    stall.payments().await.remove(0)["id"].take()
}

/// Acceptance 22, 23 and 24; T67, T79, T80.
#[tokio::test(flavor = "multi_thread")]
async fn the_stall_is_kept_from_the_tray_alone() {
    let (mut window, panel) = Window::open_beside_a_panel("en_US").await;
    let (stall, page) = (window.stall(), window.page());
    page.says("Selling").await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    menu_says(&panel, "(Selling · 0 sold today · $0.00 settled ($0.00 pending))").await;
    assert_eq!(
        panel.menu()[1..7],
        [
            "✓ Open for sales",
            "Pause for 1 hour",
            "Copy the stall’s link",
            "Show the stall’s page",
            "(Nothing to settle)",
            "Nothing needs attention"
        ]
    );
    panel.choose("Copy the stall’s link");
    let link = window.url().await;
    eventually("the stall's link", async || window.clipboard().as_ref() == Some(&link)).await;

    // The seller's own purchase is counted and not told; a stranger's is.
    stall.cli(&["practice", "buy", PATH]).await;
    menu_says(&panel, "(Selling · 1 sold today · $0.00 settled ($0.05 pending))").await;
    let visitor = window.visitor().await;
    let buyer = funded(stall, "1.00").await;
    buy_at(&visitor, &buyer).await;
    menu_says(&panel, "(Selling · 2 sold today · $0.00 settled ($0.10 pending))").await;
    eventually("a notification", async || !panel.notices().is_empty()).await;
    let [(title, text)] = &panel.notices()[..] else { panic!("{:?}", panel.notices()) };
    assert!(title.ends_with("was sold") && text == "$0.05", "{title}: {text}");
    page.says(title).await;

    // Closed, it goes on in the tray, and says so once.
    for bring_back in [Panel::click_notice, |panel: &Panel| panel.choose("Open Stallkeeper")] {
        window.close_frame();
        eventually("a window out of sight", async || !window.is_shown()).await;
        eventually("word of it", async || panel.notices().len() == 2).await;
        bring_back(&panel);
        eventually("a window in sight", async || window.is_shown()).await;
    }
    assert_eq!(panel.notices()[1].0, "Stallkeeper is still open");

    panel.choose("Pause for 1 hour");
    menu_says(&panel, "Open for sales").await;
    assert!(panel.menu()[2].starts_with("(Paused until "), "{:?}", panel.menu());
    eventually("a closed stall", async || visitor.ask(PATH).await.status == 503).await;
    page.part("region", "Your stall").await.says("Opens by itself at").await;
    panel.choose("Open for sales");
    // The system ticks what was chosen; what came of it stands above.
    menu_says(&panel, "(Selling · 2 sold today · $0.00 settled ($0.10 pending))").await;

    panel.choose("Open for sales");
    menu_says(&panel, "(Paused · 2 sold today · $0.00 settled ($0.10 pending))").await;
    assert_eq!(visitor.ask(PATH).await.status, 503);
    panel.choose("Open for sales");
    menu_says(&panel, "✓ Open for sales").await;
    eventually("an open stall", async || visitor.ask(PATH).await.status == 402).await;

    // Links lead to a payment or nowhere.
    let payment = payment(stall).await;
    let id = payment.as_str().unwrap();
    page.press("link", "Settings").await;
    for hostile in [
        format!("stallkeeper://payment/{id}?settle=true"),
        "stallkeeper://payment/../../settings".to_owned(),
        "javascript:alert(1)".to_owned(),
    ] {
        assert!(window.start_again_with(&[&hostile]).await);
    }
    page.part("heading", "Settings").await;
    window.close_frame();
    eventually("a window out of sight", async || !window.is_shown()).await;
    // A page that begins anew, as it does for another environment, brings nothing back.
    page.read_again().await;
    page.says("Selling").await;
    assert!(!window.is_shown());
    assert!(window.start_again_with(&[&format!("stallkeeper://payment/{id}")]).await);
    eventually("a window in sight", async || window.is_shown()).await;
    page.says("What happened").await;

    panel.choose("Nothing needs attention");
    page.part("heading", "Needs attention").await;
    panel.choose("Settle $0.10…");
    page.part("alertdialog", "Settle 2 payments?").await.press("button", "Cancel").await;
    assert_eq!(stall.states().await, ["queued"; 2], "looking settles nothing");

    panel.choose("Quit Stallkeeper");
    let question = page.part("alertdialog", "Quit while money is at stake?").await;
    question.says("2 payments of together $0.10 are not on chain yet.").await;
    question.press("button", "Keep selling").await;
    page.is_rid_of("alertdialog", "Quit while money is at stake?").await;
    panel.choose("Quit Stallkeeper");
    page.part("alertdialog", "Quit while money is at stake?").await.press_last("button", "Quit").await;
    window.has_ended();
}

/// Acceptance 20.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_for_this_computer_holds_over_a_restart_that_nobody_sees() {
    let (mut window, panel) = Window::closed_beside_a_panel("en_US");
    panel.look(true);
    let reports = window.stall().data().join("crash-reports");
    std::fs::create_dir_all(&reports).unwrap();
    std::fs::write(reports.join("crash-1795262400000.txt"), "in till: the payer … is odd").unwrap();
    window.reopen().await;
    let page = window.page();
    page.says("Practice: money here is not real.").await;
    eventually("the colours of the desktop", async || page.is_dark().await).await;
    for dark in [false, true] {
        panel.look(dark);
        eventually("the colours of the desktop", async || page.is_dark().await == dark).await;
    }
    page.press("link", "Look at the report").await;
    page.press("button", "Show").await;
    page.says("in till: the payer … is odd").await;
    page.press("button", "Close").await;
    page.press("button", "Delete").await;
    page.says("There are none.").await;
    assert_eq!(std::fs::read_dir(&reports).unwrap().count(), 0);

    page.says("This build does not know where new versions are published.").await;
    assert_eq!(panel.inhibitors(), [""; 0]);
    page.press("radio", "While the stall is open").await;
    eventually("a computer that stays awake", async || panel.inhibitors().len() == 2).await;
    assert_eq!(panel.inhibitors(), ["idle for Stallkeeper", "sleep for Stallkeeper"]);
    page.says("It is kept awake now.").await;
    page.press("switch", "Start at login").await;
    let at_login = window.home().join(".config/autostart/Stallkeeper.desktop");
    eventually("an entry at login", async || at_login.exists()).await;
    let entry = std::fs::read_to_string(&at_login).unwrap();
    assert!(entry.contains("stallkeeper-desktop --hidden\n"), "{entry}");
    panel.choose("Quit Stallkeeper");
    window.has_ended();
    eventually("a computer that may sleep", async || panel.inhibitors().is_empty()).await;

    let mut hidden = window.start_alone("--hidden");
    menu_says(&panel, "(Selling · 0 sold today · $0.00 settled ($0.00 pending))").await;
    eventually("a computer that stays awake", async || panel.inhibitors().len() == 2).await;
    // For longer than the program waits before it shows a window whose page was not read.
    let since = Instant::now();
    eventually("four seconds out of sight", async || {
        assert!(!window.is_shown());
        since.elapsed() > Duration::from_secs(4)
    })
    .await;
    panel.choose("Open Stallkeeper");
    eventually("a window in sight", async || window.is_shown()).await;
    panel.choose("Quit Stallkeeper");
    assert!(tokio::task::spawn_blocking(move || hidden.wait()).await.unwrap().unwrap().success());

    // A link that starts the program leads to a window all the same.
    let mut by_link = window.start_alone("stallkeeper://payment/0192d0c4-7f3e-7a10-8c55-0123456789ab");
    eventually("a window in sight", async || window.is_shown()).await;
    menu_says(&panel, "(Selling · 0 sold today · $0.00 settled ($0.00 pending))").await;
    panel.choose("Quit Stallkeeper");
    assert!(tokio::task::spawn_blocking(move || by_link.wait()).await.unwrap().unwrap().success());
}
