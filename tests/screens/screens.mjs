// Every page and everything that opens over one, in every state it can be in.

const EVERY = ["empty", "few", "full", "hostile", "node-away", "loading", "error", "attention"];
/** A record is not there in an empty stall. */
const EVERY_RECORD = EVERY.filter((state) => state !== "empty");

const NEWER = { version: "0.2.0", notes: "Sells faster.\nSettles sooner." };

const CRASH = {
  name: "crash-1795262400000.txt",
  at: 1795262400000,
  text: `Stallkeeper 0.1.0 on linux x86_64\nin till: the payer … is odd\nat src-tauri/crates/settler/src/${"very-".repeat(30)}long.rs:12:5\n`,
};

/**
 * `path` is an address, or finds one in a stall of that scenario. A state is a scenario of the stall, or
 * `{name, scenario, prepare}` with what a person does first. `sees` locates what is there when it is.
 */
export const SCREENS = [
  { name: "home", path: "/", states: EVERY, sees: heading("Home") },
  {
    name: "home of a year",
    path: "/?range=year&compare=true",
    states: [
      "full",
      { name: "as a table", scenario: "full", prepare: click("View as table") },
      { name: "of named days", scenario: "few", prepare: radio("Custom") },
      { name: "of today", scenario: "hostile", prepare: radio("Today") },
    ],
    sees: heading("Home"),
  },
  {
    name: "bell",
    path: "/",
    states: ["empty", "few", "hostile", "attention"].map((scenario) => ({
      name: scenario,
      scenario,
      prepare: firstOf(/^Notifications/),
    })),
    sees: dialog("Notifications"),
  },
  {
    name: "test purchase",
    path: "/",
    states: [
      { name: "to make", scenario: "few", prepare: click("Make a test purchase") },
      {
        name: "that is to fail",
        scenario: "few",
        prepare: both(
          click("Make a test purchase"),
          toggle("Then the buyer moves the money away"),
          click("Buy"),
          ({ page }) => page.getByRole("link", { name: "Show the payment" }).waitFor(),
        ),
      },
    ],
    sees: dialog("Make a test purchase"),
  },
  { name: "endpoints", path: "/endpoints", states: EVERY, sees: heading("Endpoints") },
  {
    name: "endpoint",
    path: endpoint,
    states: [
      ...EVERY_RECORD,
      { name: "shared", scenario: "few", prepare: tab("Share") },
      { name: "shared, hostile", scenario: "hostile", prepare: tab("Share") },
      { name: "file", scenario: "few", prepare: tab("Access & delivery") },
      { name: "file gone", scenario: "attention", prepare: tab("Access & delivery") },
      {
        name: "preview",
        scenario: "few",
        prepare: both(tab("Access & delivery"), click("Choose a preview…")),
      },
      { name: "cover", scenario: "few", prepare: click("Choose a picture…") },
      { name: "requests", scenario: "few", prepare: tab("Requests") },
      {
        name: "versions",
        scenario: "few",
        prepare: both(tab("Access & delivery"), unfold("Version history")),
      },
    ],
    sees: (page) => page.getByRole("main").getByRole("dialog"),
  },
  {
    name: "folder",
    path: (window) => sold(window, "folder"),
    states: [
      { name: "overview", scenario: "full" },
      { name: "delivered", scenario: "full", prepare: tab("Access & delivery") },
    ],
    sees: (page) => page.getByRole("main").getByRole("dialog"),
  },
  {
    name: "text",
    path: (window) => sold(window, "text"),
    states: [
      { name: "delivered", scenario: "full", prepare: tab("Access & delivery") },
      { name: "hostile", scenario: "hostile", prepare: tab("Access & delivery") },
    ],
    sees: (page) => page.getByRole("main").getByRole("dialog"),
  },
  {
    name: "service",
    path: (window) => sold(window, "service"),
    states: [
      { name: "delivered", scenario: "full", prepare: tab("Access & delivery") },
      { name: "tried", scenario: "full", prepare: both(tab("Access & delivery"), click("Try it")) },
    ],
    sees: (page) => page.getByRole("main").getByRole("dialog"),
  },
  {
    name: "service to change",
    path: (window) => sold(window, "service"),
    states: [
      { name: "full", scenario: "full", prepare: both(tab("Access & delivery"), click("Change it…")) },
    ],
    sees: dialog("Change the service"),
  },
  {
    name: "price of a service",
    path: "/endpoints",
    states: [
      { name: "new", scenario: "few", prepare: write("Price a service") },
      { name: "mistyped", scenario: "few", prepare: both(write("Price a service"), click("Publish")) },
      { name: "more", scenario: "few", prepare: both(write("Price a service"), unfold("Paths, headers")) },
    ],
    sees: dialog("Price a service"),
  },
  {
    name: "prices",
    path: (window) => sold(window, "folder"),
    states: [{ name: "of parts", scenario: "full", prepare: tab("Prices") }],
    sees: (page) => page.getByRole("heading", { name: "What it costs" }),
  },
  {
    name: "price history",
    path: (window) => sold(window, "folder"),
    states: [{ name: "full", scenario: "full", prepare: tab("Price history") }],
    sees: (page) => page.getByRole("list", { name: "Price history" }),
  },
  {
    name: "shared",
    path: (window) => sold(window, "folder"),
    states: [{ name: "folder", scenario: "full", prepare: both(tab("Share"), tab("axios")) }],
    sees: (page) => page.getByRole("region", { name: /axios/ }),
  },
  {
    name: "shared service",
    path: (window) => sold(window, "service"),
    states: [{ name: "python", scenario: "full", prepare: both(tab("Share"), tab("Python")) }],
    sees: (page) => page.getByRole("region", { name: /Python/ }),
  },
  {
    name: "prices of one thing",
    path: endpoint,
    states: [
      { name: "few", scenario: "few", prepare: tab("Prices") },
      { name: "hostile", scenario: "hostile", prepare: tab("Prices") },
    ],
    sees: (page) => page.getByRole("heading", { name: "What it costs" }),
  },
  {
    name: "another price",
    path: (window) => sold(window, "folder"),
    states: [
      { name: "new", scenario: "full", prepare: both(tab("Prices"), click("Add a price")) },
      {
        name: "mistyped",
        scenario: "full",
        prepare: both(tab("Prices"), click("Add a price"), click("Set the price")),
      },
    ],
    sees: dialog("Add a price"),
  },
  {
    name: "price of one file",
    path: (window) => sold(window, "folder"),
    states: [
      { name: "new", scenario: "full", prepare: both(tab("Access & delivery"), firstOf(/^Price .*snare-2/)) },
    ],
    sees: dialog("Price one file"),
  },
  {
    name: "what buyers read",
    path: endpoint,
    states: [
      { name: "few", scenario: "few", prepare: click("Edit") },
      { name: "hostile", scenario: "hostile", prepare: click("Edit") },
    ],
    sees: dialog("What buyers read"),
  },
  {
    name: "price of a folder",
    path: "/endpoints",
    states: [
      { name: "files", scenario: "few", prepare: drop("Snare stems/") },
      { name: "left out", scenario: "few", prepare: both(drop("Snare stems/"), unfold(/left out/)) },
      {
        name: "hostile",
        scenario: "hostile",
        prepare: drop(`"><img src=x onerror=alert(1)>${"long".repeat(60)}/`),
      },
    ],
    sees: dialog("Price a folder"),
  },
  {
    name: "price of a text",
    path: "/endpoints",
    states: [
      { name: "new", scenario: "few", prepare: write() },
      { name: "mistyped", scenario: "few", prepare: both(write(), click("Publish")) },
      { name: "node-away", scenario: "node-away", prepare: write() },
    ],
    sees: dialog("Price a text"),
  },
  {
    name: "price sheet",
    path: "/endpoints",
    states: [
      { name: "empty stall", scenario: "empty", prepare: drop("harbour at night.jpg") },
      { name: "few", scenario: "few", prepare: drop("harbour at night.jpg") },
      { name: "several files", scenario: "few", prepare: drop("one.pdf", "two.pdf", "three.pdf") },
      {
        name: "hostile",
        scenario: "hostile",
        prepare: drop(`"><img src=x onerror=alert(1)>${"long".repeat(60)}.pdf`),
      },
      { name: "node-away", scenario: "node-away", prepare: drop("harbour at night.jpg") },
      { name: "loading", scenario: "loading", prepare: drop("harbour at night.jpg") },
      { name: "file gone", scenario: "few", prepare: drop("missing.jpg") },
      {
        name: "wrong price",
        scenario: "few",
        prepare: both(drop("harbour at night.jpg"), type("0.0000001", "Control+Enter")),
      },
      {
        name: "published",
        scenario: "few",
        prepare: both(drop("harbour at night.jpg"), type("0.05", "Control+Enter")),
      },
    ],
    sees: dialog(/^Price a file$| is for sale$/),
  },
  {
    name: "drop",
    path: "/",
    states: [{ name: "few", scenario: "few", prepare: drag("one.pdf", "two.pdf") }],
    sees: (page) => page.getByText("Drop to price"),
  },
  { name: "payments", path: "/payments", states: EVERY, sees: heading("Payments") },
  {
    name: "payments of some days and amounts",
    path: "/payments?period=own&from=2026-11-01&to=2026-11-21&least=%220.01%22&q=harbour",
    states: ["few", { name: "amounts", scenario: "few", prepare: click("≥ $0.01") }],
    sees: heading("Payments"),
  },
  {
    name: "payments, several chosen",
    path: "/payments",
    states: [
      { name: "few", scenario: "few", prepare: ({ page }) => page.getByRole("checkbox").first().check() },
    ],
    sees: (page) => page.getByText(/^1 selected/),
  },
  {
    name: "set up",
    path: "/welcome",
    states: ["empty", "few", "hostile", "loading", "test"],
    sees: heading("Set up your stall"),
  },
  ...["environment", "price", "reach", "try"].map((step) => ({
    name: `set up, ${step}`,
    path: `/welcome?step=${step}`,
    states: ["empty", "few"],
    sees: heading("Set up your stall"),
  })),
  {
    name: "payment",
    path: (window) => payment(window, "queued"),
    states: EVERY_RECORD,
    sees: dialog(/^Payment/),
  },
  {
    name: "payment that failed",
    path: (window) => payment(window, "failed"),
    states: ["few", "attention"],
    sees: dialog(/^Payment/),
  },
  {
    name: "payment that settled",
    path: (window) => payment(window, "settled"),
    states: ["few"],
    sees: dialog(/^Payment/),
  },
  {
    name: "links to end",
    path: (window) => payment(window, "settled"),
    states: [{ name: "few", scenario: "few", prepare: click("End the links…") }],
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "payments that broke off",
    path: "/payments?delivery=interrupted",
    states: ["attention", "empty"],
    sees: heading("Payments"),
  },
  { name: "payments of one buyer", path: paymentsOfOne, states: ["few", "full"], sees: heading("Payments") },
  {
    name: "buyers",
    path: "/buyers",
    states: [
      ...EVERY,
      { name: "pay up front", scenario: "attention", prepare: radio("Pay up front") },
      { name: "none blocked", scenario: "few", prepare: radio("Blocked") },
    ],
    sees: heading("Buyers"),
  },
  {
    name: "buyer",
    path: buyer(),
    states: EVERY_RECORD,
    sees: dialog("Buyer"),
  },
  {
    name: "buyer who never paid",
    path: `/buyers/0x${"a1".repeat(20)}`,
    states: ["few"],
    sees: dialog("Buyer"),
  },
  {
    name: "buyer who is trusted",
    path: buyer({ standing: "trusted" }),
    states: ["full"],
    sees: dialog("Buyer"),
  },
  {
    name: "buyer who is blocked",
    path: buyer({ standing: "blocked" }),
    states: ["hostile"],
    sees: dialog("Buyer"),
  },
  {
    name: "visitors",
    path: "/visitors",
    states: [
      ...["empty", "few", "loading", "error"],
      { name: "by day", scenario: "few", prepare: radio("By day") },
      {
        name: "of one endpoint",
        scenario: "hostile",
        prepare: ({ page }) =>
          page.getByRole("region", { name: "By endpoint" }).getByRole("link").first().click(),
      },
    ],
    sees: heading("Visitors"),
  },
  {
    name: "requests",
    path: "/visitors?show=requests",
    states: [
      ...["empty", "few", "hostile", "loading", "error"],
      { name: "with addresses", scenario: "full", prepare: set("request-addresses", "on") },
    ],
    sees: heading("Visitors"),
  },
  {
    name: "block",
    path: `/payments?block=0x${"a1".repeat(20)}`,
    states: ["few", "node-away"],
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "schedule",
    path: "/settings",
    states: [
      { name: "as it is", scenario: "full", prepare: change("Settling") },
      {
        name: "too late",
        scenario: "few",
        prepare: both(change("Settling"), turnOn("Every day at", "On some days")),
      },
      { name: "gas too dear", scenario: "attention", prepare: change("Settling") },
      { name: "node-away", scenario: "node-away", prepare: change("Settling") },
    ],
    sees: dialog(/^When/),
  },
  {
    name: "caps",
    path: "/settings",
    states: [
      { name: "none", scenario: "few", prepare: change("Exposure") },
      { name: "own", scenario: "full", prepare: change("Exposure") },
    ],
    sees: dialog("Change the caps"),
  },
  { name: "settlements", path: "/settlements", states: EVERY, sees: heading("Settlements") },
  {
    name: "settle dialog",
    path: "/settlements?settle=true",
    states: EVERY,
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "what settling left behind",
    path: "/settlements?settle=true",
    states: [
      {
        name: "hostile",
        scenario: "hostile",
        prepare: ({ page }) =>
          page
            .getByRole("alertdialog")
            .getByRole("button", { name: /^Settle \$/ })
            .click(),
      },
    ],
    sees: (page) => page.getByRole("alertdialog", { name: "Not everything could be settled" }),
  },
  { name: "batch", path: "/settlements/1", states: EVERY_RECORD, sees: heading(/./) },
  { name: "needs attention", path: "/attention", states: EVERY, sees: heading("Needs attention") },
  {
    name: "cap that refuses",
    path: "/attention",
    states: [{ name: "full", scenario: "few", prepare: refuseBeyond("2") }],
    sees: (page) => page.getByRole("heading", { name: "Buyers are refused" }),
  },
  {
    name: "what can be done about a payment",
    path: "/attention",
    states: [{ name: "menu", scenario: "attention", prepare: more() }],
    sees: (page) => page.getByRole("menu"),
  },
  {
    name: "try again",
    path: "/attention",
    states: [
      { name: "one", scenario: "attention", prepare: firstOf("Try again…") },
      { name: "several", scenario: "attention", prepare: firstOf("Try 5 again…") },
      { name: "held up", scenario: "attention", prepare: both(firstOf("Try again…"), click("Try again")) },
    ],
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "written off",
    path: "/attention",
    states: [
      { name: "one", scenario: "attention", prepare: more("Write off…") },
      { name: "a reason", scenario: "hostile", prepare: firstOf("Write off…") },
    ],
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "settled elsewhere",
    path: "/attention",
    states: [
      { name: "asked", scenario: "attention", prepare: more("It was settled elsewhere…") },
      {
        name: "mistyped",
        scenario: "attention",
        prepare: both(more("It was settled elsewhere…"), click("Check on the chain")),
      },
    ],
    sees: dialog("Which transaction settled it?"),
  },
  {
    name: "gas wallet to top up",
    path: (window) => payment(window, "queued"),
    states: [{ name: "attention", scenario: "attention", prepare: firstOf("Top up the gas wallet…") }],
    sees: dialog("Top up the gas wallet"),
  },
  {
    name: "refund",
    path: (window) => payment(window, "settled"),
    states: [
      { name: "few", scenario: "few", prepare: click("Refund…") },
      { name: "hostile", scenario: "hostile", prepare: click("Refund…") },
      { name: "mistyped", scenario: "few", prepare: both(click("Refund…"), click("Record the refund")) },
    ],
    sees: dialog("Give this payment back"),
  },
  {
    name: "reports",
    path: "/reports",
    states: [
      ...EVERY,
      { name: "by endpoint", scenario: "hostile", prepare: radio("Endpoint") },
      { name: "by buyer", scenario: "full", prepare: radio("Buyer") },
    ],
    sees: heading("Reports"),
  },
  {
    name: "price of a coin",
    path: "/reports",
    states: [{ name: "few", scenario: "few", prepare: click("Say its price…") }],
    sees: dialog(/^What is one/),
  },
  {
    name: "reports of one's own days",
    path: "/reports?period=own",
    states: ["few"],
    sees: heading("Reports"),
  },
  {
    name: "refunds",
    path: "/reports?tab=refunds",
    states: ["few", "full", "attention", "loading", "error"],
    sees: heading("Reports"),
  },
  {
    name: "books beside the chain",
    path: "/reports?tab=chain",
    states: ["few", ...["empty", "few", "attention", "hostile", "node-away"].map(compared)],
    sees: heading("Reports"),
  },
  {
    name: "export",
    path: "/payments?export=payments",
    states: [
      "few",
      { name: "chosen days", scenario: "few", prepare: radio("From … to …") },
      { name: "running", scenario: "few", prepare: both(unanswered("export"), click("Choose the file…")) },
    ],
    sees: dialog("Export"),
  },
  {
    name: "export of what is shown",
    path: `/payments?states=${JSON.stringify(["failed", "expired"])}&export=payments`,
    states: ["attention"],
    sees: dialog("Export"),
  },
  {
    name: "check-up",
    path: "/settings",
    states: ["few", "node-away", "attention"],
    prepare: click("Check now"),
    sees: (page) => page.getByText("The data file is whole."),
  },
  {
    name: "settings",
    path: "/settings",
    states: ["few", "full", "attention", "node-away", "loading", "error", "test", "live"],
    sees: heading("Settings"),
  },
  {
    name: "licences",
    path: "/settings/licences",
    states: [
      "few",
      { name: "unfolded", scenario: "few", prepare: ({ page }) => page.locator("summary").first().click() },
    ],
    sees: (page) => page.getByLabel("Name or licence"),
  },
  {
    name: "stall settings",
    path: "/settings#stall",
    states: [
      {
        name: "own",
        scenario: "few",
        prepare: both(
          set("stall-name", "Ada's harbour"),
          set("stall-colour", "#0f766e"),
          set("request-addresses", "on"),
        ),
      },
      {
        name: "mistyped",
        scenario: "few",
        prepare: both(
          ({ page }) => page.getByLabel("Colour", { exact: true }).fill("teal"),
          ({ page }) => page.keyboard.press("Enter"),
        ),
      },
    ],
    sees: (page) => page.getByRole("region", { name: "Stall", exact: true }).getByLabel("About"),
  },
  {
    name: "reach",
    path: "/settings/reach",
    states: [
      "few",
      "full",
      "loading",
      "error",
      { name: "tried", scenario: "full", prepare: both(click("Ask now"), click("Try a purchase")) },
    ],
    sees: heading("Reach"),
  },
  {
    name: "way to the stall",
    path: "/settings/reach",
    states: [
      { name: "own address", scenario: "few", prepare: click("Use it: Your own address") },
      { name: "account, mistyped", scenario: "full", prepare: both(click("Use it: ngrok"), click("Use it")) },
      { name: "program missing", scenario: "full", prepare: click("Use it: Tailscale Funnel") },
    ],
    sees: (page) => page.getByRole("dialog"),
  },
  {
    name: "this computer",
    path: "/settings/computer",
    states: [
      "few",
      {
        name: "no tray, kept awake",
        scenario: "few",
        prepare: program({ tray: false, startAtLogin: null, awake: { held: true, problem: null } }),
      },
      {
        name: "not awake, not at login",
        scenario: "few",
        prepare: program({
          startAtLoginPossible: false,
          awake: { held: false, problem: "No power manager answers." },
        }),
      },
      {
        name: "newer version",
        scenario: "few",
        prepare: both(program({ updates: true, update: NEWER }), click("Look for a new version")),
      },
      {
        name: "newest version",
        scenario: "few",
        prepare: both(program({ updates: true }), click("Look for a new version")),
      },
      { name: "failed before", scenario: "few", prepare: program({ crashes: [CRASH] }) },
    ],
    sees: heading("This computer"),
  },
  {
    name: "notifications",
    path: "/settings/notifications",
    states: ["few", "loading", "error", { name: "quiet hours", scenario: "few", prepare: toggle("Quiet hours") }],
    sees: heading("Notifications"),
  },
  {
    name: "another environment",
    path: "/settings",
    states: [{ name: "at stake", scenario: "full", prepare: click("Go to Real money") }],
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "report of a failure",
    path: "/settings/computer",
    states: [{ name: "shown", scenario: "few", prepare: both(program({ crashes: [CRASH] }), click("Show")) }],
    sees: (page) => page.getByRole("dialog"),
  },
  {
    name: "quit",
    path: "/",
    states: [{ name: "at stake", scenario: "full", prepare: quit }],
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "webhooks",
    path: "/settings/webhooks",
    states: [
      "few",
      "full",
      "loading",
      "error",
      { name: "given up", scenario: "full", prepare: radio("Given up") },
      { name: "message", scenario: "full", prepare: unfold("Details") },
    ],
    sees: heading("Webhooks"),
  },
  {
    name: "webhook's dialogs",
    path: "/settings/webhooks",
    states: [
      { name: "new", scenario: "few", prepare: click("Add a webhook") },
      { name: "mistyped", scenario: "full", prepare: both(click("Add a webhook"), lastOf("Add a webhook")) },
      {
        name: "secret",
        scenario: "full",
        prepare: both(onWebhook("New secret…"), click("Make a new secret")),
      },
      { name: "events", scenario: "full", prepare: onWebhook("What it is told…") },
      { name: "removed", scenario: "full", prepare: onWebhook("Remove…") },
    ],
    sees: (page) => page.locator('[role="dialog"], [role="alertdialog"]').last(),
  },
  {
    name: "networks",
    path: "/settings/networks",
    states: ["few", "node-away", "loading", "error", "test", "live"],
    sees: heading("Networks"),
  },
  {
    name: "network",
    path: "/settings/networks/eip155:84532",
    states: [
      "few",
      "node-away",
      "loading",
      "error",
      "test",
      { name: "node mistyped", scenario: "test", prepare: click("Add the node") },
    ],
    sees: (page) => page.getByRole("main").getByRole("dialog"),
  },
  {
    name: "network that changed",
    path: "/settings/networks/eip155:43113",
    states: ["test"],
    sees: (page) => page.getByRole("main").getByRole("dialog"),
  },
  {
    name: "facilitator",
    path: "/settings/networks/eip155:84532",
    states: [
      { name: "chosen", scenario: "test", prepare: click("Use a facilitator…") },
      { name: "mistyped", scenario: "test", prepare: both(click("Use a facilitator…"), click("Save")) },
    ],
    sees: dialog(/^Who settles/),
  },
  {
    name: "network's questions",
    path: "/settings/networks/eip155:84532",
    states: [
      { name: "removed", scenario: "test", prepare: click("Remove the network…") },
      { name: "node removed", scenario: "test", prepare: click("Remove https://base-away.example") },
    ],
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "changed network's question",
    path: "/settings/networks/eip155:43113",
    states: [{ name: "accepted", scenario: "test", prepare: click("Accept what changed…") }],
    sees: (page) => page.getByRole("alertdialog"),
  },
  {
    name: "network to set up",
    path: "/settings/networks/eip155:80002",
    states: ["test", { name: "mistyped", scenario: "test", prepare: click("Set it up") }],
    sees: dialog(/^Polygon Amoy/),
  },
  {
    name: "network of one's own",
    path: "/settings/networks/custom",
    states: ["test", { name: "mistyped", scenario: "test", prepare: click("Set it up") }],
    sees: dialog("Another network"),
  },
  {
    name: "backups",
    path: "/settings/backups",
    states: ["few", "loading", "error"],
    sees: heading("Backups"),
  },
  {
    name: "backups' dialogs",
    path: "/settings/backups",
    states: [
      { name: "make", scenario: "few", prepare: both(click("Make a backup…"), click("Make the backup")) },
      { name: "plan", scenario: "few", prepare: both(click("Change…"), choose("Each day"), click("Save")) },
      { name: "restore", scenario: "few", prepare: both(click("Put a backup back…"), click("Look into it")) },
    ],
    sees: (page) => page.getByRole("dialog").first(),
  },
  {
    name: "data",
    path: "/settings/data",
    states: ["few", "full", "loading", "error"],
    sees: heading("Data"),
  },
  {
    name: "data's dialogs",
    path: "/settings/data",
    states: [
      { name: "diagnostics", scenario: "few", prepare: click("Save diagnostics…") },
      {
        name: "delete",
        scenario: "few",
        prepare: both(click("Delete… Practice"), click("Delete at the next start")),
      },
    ],
    sees: (page) => page.getByRole("dialog").first(),
  },
  {
    name: "copied endpoints",
    path: "/live",
    states: [{ name: "preview", scenario: "live", prepare: click("Copy endpoints…") }],
    sees: dialog("Copy endpoints"),
  },
  {
    name: "gas wallet",
    path: "/settings/wallet",
    states: ["few", "node-away", "loading", "error", "test", "live"],
    sees: heading("Gas wallet"),
  },
  {
    name: "gas wallet's dialogs",
    path: "/settings/wallet",
    states: [
      { name: "create", scenario: "live", prepare: click("Create a new one…") },
      {
        name: "create in a file",
        scenario: "live",
        prepare: both(click("Create a new one…"), choose("An encrypted file"), click("Create the wallet")),
      },
      { name: "replace", scenario: "test", prepare: click("Create a new one…") },
      { name: "import", scenario: "test", prepare: both(click("Import a key…"), click("Import the key")) },
      { name: "export", scenario: "test", prepare: click("Save to a file…") },
      {
        name: "export, mistyped",
        scenario: "test",
        prepare: both(click("Save to a file…"), click("Save the key")),
      },
      { name: "unlock", scenario: "test", prepare: both(click("Lock now"), click("Unlock")) },
    ],
    sees: (page) => page.getByRole("dialog").first(),
  },
  {
    name: "payout address",
    path: "/settings",
    states: [
      { name: "changed", scenario: "test", prepare: firstOf("Change…") },
      { name: "verified", scenario: "test", prepare: firstOf("Verify…") },
      {
        name: "verified by a payment",
        scenario: "test",
        prepare: both(firstOf("Verify…"), choose("Find a payment")),
      },
    ],
    sees: (page) => page.getByRole("dialog").first(),
  },
  {
    name: "going live",
    path: "/live",
    states: ["few", "loading", "error", "test", "live"],
    sees: heading("Going live"),
  },
  { name: "several networks", path: "/settlements", states: ["test"], sees: heading("Settlements") },
  { name: "home of several networks", path: "/", states: ["test", "live"], sees: heading("Home") },
  {
    name: "palette",
    path: "/",
    states: ["empty", "few", "hostile", "loading"],
    prepare: press("Control+k"),
    sees: dialog("Search and commands"),
  },
  { name: "keys", path: "/", states: ["few"], prepare: press("Shift+?"), sees: dialog("Keys") },
  { name: "nowhere", path: "/no-such-page", states: ["few"], sees: heading("There is no such page") },
];

/** Every screen in each of its states, as the tests and the pictures go through them. */
export const STATES = SCREENS.flatMap(({ name, states, prepare, ...screen }) =>
  states.map((state) => {
    const {
      name: word,
      scenario,
      ...own
    } = typeof state === "string" ? { name: state, scenario: state } : state;
    return { title: `${name}, ${word}`, name, word, scenario, prepare, ...own, ...screen };
  }),
);

function heading(name) {
  return (page) => page.getByRole("heading", { level: 1, name });
}

function dialog(name) {
  return (page) => page.getByRole("dialog", { name });
}

function press(keys) {
  return async ({ page }) => {
    await page.getByRole("main").focus();
    await page.keyboard.press(keys);
  };
}

function both(...all) {
  return async (window) => {
    for (const one of all) {
      await one(window);
    }
  };
}

function type(text, ...keys) {
  return async ({ page }) => {
    await page.getByRole("dialog").getByRole("textbox", { name: "Price" }).fill(text);
    for (const key of keys) {
      await page.keyboard.press(key);
    }
  };
}

/** Something of the program around the page becomes so. */
function program(change) {
  return async ({ page }) => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.evaluate((now) => window.stall.program.becomes(now), change);
  };
}

/** Somebody quits while money is at stake. */
async function quit(window) {
  await window.page.getByRole("heading", { level: 1 }).waitFor();
  const stake = await window.ask("quit_preview");
  await window.page.evaluate((atStake) => window.stall.program.askToQuit(atStake), stake);
}

function click(name) {
  return ({ page }) => page.getByRole("button", { name, exact: true }).click();
}

/** Turns a switch. */
function toggle(name) {
  return ({ page }) => page.getByRole("switch", { name, exact: true }).click();
}

/** Opens the first thing that has more to it. */
function unfold(text) {
  return ({ page }) => page.locator("summary", { hasText: text }).first().click();
}

function lastOf(name) {
  return ({ page }) => page.getByRole("button", { name, exact: true }).last().click();
}

/** What can be done about the first webhook. */
function onWebhook(name) {
  return async ({ page }) => {
    await page
      .getByRole("button", { name: /^More for/ })
      .first()
      .click();
    await page.getByRole("menuitem", { name }).click();
  };
}

/** Begins with something that is neither dropped nor chosen. */
function write(name = "Price a text") {
  return async ({ page }) => {
    await page.getByRole("button", { name: "Text, service…" }).first().click();
    await page.getByRole("menuitem", { name }).click();
  };
}

/** The address of an endpoint of a kind. */
async function sold(window, kind) {
  const { items } = await window.ask("endpoint_list");
  return `/endpoints/${items.find(({ content }) => content.kind === kind).id}`;
}

function firstOf(name) {
  return ({ page }) =>
    page
      .getByRole("button", { name, exact: typeof name === "string" })
      .first()
      .click();
}

/** Refuses whoever would owe more than that altogether. */
function refuseBeyond(total) {
  return (window) => window.ask("exposure_set", { total, beyond: "refuse" });
}

/** Lets a command wait for its answer. */
function unanswered(name) {
  return ({ page }) => page.evaluate((asked) => window.stall.neverAnswer(asked), name);
}

/** Opens what else can be done about the first payment, and begins with one of it. */
function more(name) {
  return async ({ page }) => {
    const group = page.getByRole("article").filter({ hasText: "no longer holds enough" });
    await group
      .getByRole("button", { name: /^More for/ })
      .first()
      .click();
    if (name !== undefined) {
      await page.getByRole("menuitem", { name }).click();
    }
  };
}

/** The books are compared with the chain. */
function compared(scenario) {
  const prepare = async (window) => {
    await click("Compare now")(window);
    await window.page.getByRole("button", { name: /^(Compare again|Compare now|Try again)$/ }).waitFor();
  };
  return { name: `compared, ${scenario}`, scenario, prepare };
}

function choose(name) {
  return ({ page }) => page.getByRole("radio", { name }).check();
}

function tab(name) {
  return ({ page }) => page.getByRole("tab", { name }).click();
}

function drop(...names) {
  return async ({ page }) => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.evaluate((files) => window.stall.dropFiles(files), names.map(path));
  };
}

function drag(...names) {
  return async ({ page }) => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.evaluate((files) => window.stall.dragFiles(files), names.map(path));
  };
}

function path(name) {
  return `/home/ada/For sale/${name}`;
}

function radio(name) {
  return ({ page }) => page.getByRole("radio", { name, exact: true }).click();
}

/** Opens what changes a part of the settings. */
function change(part) {
  return ({ page }) =>
    page.getByRole("region", { name: part, exact: true }).getByRole("button", { name: "Change…" }).click();
}

function turnOn(...names) {
  return async ({ page }) => {
    for (const name of names) {
      await page.getByRole("dialog").getByRole("switch", { name }).click();
    }
  };
}

/** Chooses a setting behind the window. */
function set(key, value) {
  return (window) => window.ask("settings_set", { key, value });
}

/** The address of the first buyer there is in an order or a standing. */
function buyer(query = { sort: "exposed" }) {
  return async (window) => {
    const { items } = await window.ask("payer_list", { ...query, limit: 1 });
    return `/buyers/${items[0].payer}`;
  };
}

async function paymentsOfOne(window) {
  const { items } = await window.ask("payer_list", { limit: 1 });
  return `/payments?payer=${items[0].payer}`;
}

/** The address of the first endpoint. */
async function endpoint(window) {
  const { items } = await window.ask("endpoint_list");
  return `/endpoints/${items[0].id}`;
}

/** The address of the newest payment in a state, or of the newest. */
async function payment(window, state) {
  const some = await window.ask("payment_list", { states: [state], limit: 1 });
  const [first] = some.items.length > 0 ? some.items : (await window.ask("payment_list", { limit: 1 })).items;
  return `/payments/${first.id}`;
}
