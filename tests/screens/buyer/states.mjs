// Every state the buyer's page can be in, and how to get there.
import { Wallet } from "./wallet.mjs";

const later = (response) => response.destroy();

const HOSTILE = `"><img src=x onerror=alert(1)></script><script>alert(2)</script> ${"W".repeat(90)} \u202egnp.exe`;

/**
 * `stall` changes what is sold, before the page opens; `wallet` the wallet; `go` leads from the open page to the
 * state; `sees` is the heading of its panel.
 */
export const STATES = [
  { title: "choosing", sees: "Pay with your wallet" },
  {
    title: "several ways to pay",
    stall: ({ thing }) => Object.assign(thing, { networks: ["eip155:8453", "eip155:137"] }),
    more: [new Wallet({ name: "Harbour", rdns: "example.harbour", key: 1, icon: "https://elsewhere.example/icon.png" })],
    sees: "Pay with your wallet",
  },
  {
    title: "a text with its beginning",
    stall: ({ thing }) =>
      Object.assign(thing, {
        kind: "text",
        title: "The tide tables lie",
        fileName: null,
        sizeBytes: null,
        cover: null,
        seller: { name: "Anke", contact: null, colour: null },
        description: "A column about what is known and what is printed.",
        preview: "The first paragraph is free.\n\nIt ends where the water comes in, as it does twice a day, and",
      }),
    sees: "Pay with your wallet",
  },
  {
    title: "a price to choose",
    stall: ({ thing }) =>
      Object.assign(thing, {
        page: {
          own: "0.05",
          ownLeast: "0.025",
          ownMost: "25.00",
          ownToken: "USDC",
          ownSaid: "At least $0.025; suggested: $0.05.",
          choice: "The code SPRING changes no price here, or not any more. This is the usual price.",
        },
      }),
    sees: "Pay with your wallet",
  },
  { title: "practice", stall: ({ thing }) => Object.assign(thing, { environment: "practice" }), sees: "Pay with your wallet" },
  {
    title: "names that mean harm",
    stall: ({ thing }) =>
      Object.assign(thing, {
        title: HOSTILE,
        description: HOSTILE,
        fileName: HOSTILE,
        preview: HOSTILE,
        seller: { name: HOSTILE, contact: HOSTILE, colour: null },
      }),
    go: async (buyer) => {
      await buyer.press("Fox Wallet");
    },
    sees: "What you sign",
  },
  { title: "no wallet", isStranger: true, sees: "Pay with your wallet" },
  {
    title: "connecting",
    wallet: (wallet) => {
      wallet.before.eth_requestAccounts = () => new Promise(() => {});
    },
    go: (buyer) => buyer.press("Fox Wallet"),
    sees: "Confirm the connection in Fox Wallet",
  },
  {
    title: "wrong network",
    wallet: (wallet) => {
      wallet.chainId = 1;
      wallet.before.wallet_switchEthereumChain = Wallet.reject;
    },
    go: (buyer) => buyer.press("Fox Wallet"),
    sees: "Change to Base",
  },
  {
    title: "not enough",
    wallet: (wallet) => {
      wallet.balance = 12_000n;
    },
    go: (buyer) => buyer.press("Fox Wallet"),
    sees: "Not enough USDC",
  },
  { title: "what is signed", go: (buyer) => buyer.connect(), sees: "What you sign" },
  {
    title: "what is signed in practice",
    stall: ({ thing }) => Object.assign(thing, { environment: "practice" }),
    go: (buyer) => buyer.connect(),
    sees: "What you sign",
  },
  {
    title: "signing",
    wallet: (wallet) => {
      wallet.before.eth_signTypedData_v4 = () => new Promise(() => {});
    },
    go: (buyer) => buyer.pay(),
    sees: "Sign the payment in Fox Wallet",
  },
  {
    title: "rejected",
    wallet: (wallet) => {
      wallet.before.eth_signTypedData_v4 = Wallet.reject;
    },
    go: async (buyer) => {
      await buyer.pay();
      await buyer.says("You declined in the wallet");
    },
    sees: "What you sign",
  },
  {
    title: "price changed",
    go: async (buyer) => {
      await buyer.connect();
      buyer.stall.thing.price = "70000";
      await buyer.press("Sign and pay $0.05");
      await buyer.says("from $0.05 to $0.07");
    },
    sees: "What you sign",
  },
  {
    title: "the seller checks",
    stall: (stall) => stall.next(() => {}),
    go: (buyer) => buyer.pay(),
    sees: "The seller checks your payment",
  },
  {
    title: "settling",
    stall: (stall) => stall.next((response) => stall.away(response, "settlement_pending", "It is being settled.", 60)),
    go: (buyer) => buyer.pay(),
    sees: "Your payment is being settled",
  },
  { title: "no answer", stall: (stall) => stall.next(later), go: (buyer) => buyer.pay(), sees: "Finish your purchase" },
  {
    title: "paused while paying",
    stall: (stall) =>
      stall.next((response) => stall.away(response, "not_for_sale_now", "The stall is closed for lunch.", 600)),
    go: (buyer) => buyer.pay(),
    sees: "Finish your purchase",
  },
  {
    title: "paying in another tab",
    stall: (stall) => stall.next(() => {}),
    go: async (buyer) => {
      const other = await buyer.tab();
      await other.pay();
      await other.sees("The seller checks your payment");
      await buyer.page.bringToFront();
      await buyer.press("Fox Wallet");
    },
    sees: "You are paying in another tab",
  },
  {
    title: "blocked",
    stall: (stall) =>
      stall.next((response) =>
        stall.refuse(response, "payer_blocked", "The seller takes no payments of this wallet. What it has paid for it can still fetch."),
      ),
    go: (buyer) => buyer.pay(),
    sees: "The seller takes no payments from this wallet",
  },
  {
    title: "already paid",
    stall: (stall) =>
      stall.next((response) => stall.refuse(response, "invalid_transaction_state", "Paid.", { alreadyPaid: true })),
    go: (buyer) => buyer.pay(),
    sees: "This is already paid for",
  },
  { title: "just bought", go: (buyer) => buyer.pay(), sees: "You own this" },
  {
    title: "back again",
    go: async (buyer) => {
      await buyer.pay();
      await buyer.sees("You own this");
      buyer.stall.state = "settled";
      await buyer.page.reload();
      await buyer.says("Settled");
    },
    sees: "You own this",
  },
  {
    title: "link over",
    go: async (buyer) => {
      await buyer.pay();
      await buyer.sees("You own this");
      buyer.stall.grants.clear();
      await buyer.page.reload();
      await buyer.says("This download link is over");
    },
    sees: "You own this",
  },
  {
    title: "show that you bought it",
    go: (buyer) => buyer.press("Download again"),
    sees: "Show that you bought this",
  },
  {
    title: "a folder",
    stall: ({ thing }) => Object.assign(thing, { kind: "folder", title: "Low tide, the stems", fileName: "stems.zip" }),
    go: (buyer) => buyer.pay(),
    sees: "You own this",
  },
  {
    title: "a text that is bought",
    stall: ({ thing }) => Object.assign(thing, { kind: "text", title: "The tide tables lie", fileName: "tide.txt", sizeBytes: 33 }),
    go: async (buyer) => {
      await buyer.pay();
      await buyer.says("which was worth it");
    },
    sees: "You own this",
  },
  {
    title: "a service's answer",
    stall: ({ thing }) =>
      Object.assign(thing, { kind: "service", title: "Coastal forecast", fileName: null, sizeBytes: null, cover: null, preview: '{ "forecast": "sun", "degrees": 21 }' }),
    go: async (buyer) => {
      await buyer.pay();
      await buyer.says('"degrees": 11');
    },
    sees: "Paid. Here is the answer",
  },
  {
    title: "closed",
    stall: ({ thing }) => Object.assign(thing, { closed: "The stall is closed until tomorrow morning." }),
    sees: "Not on sale right now",
  },
  {
    title: "gone",
    stall: (stall) => stall.next((response) => response.writeHead(404).end()),
    go: (buyer) => buyer.pay(),
    sees: "Not sold here any more",
  },
  {
    title: "for programs only",
    stall: ({ thing }) => Object.assign(thing, { kind: "service", method: "POST", fileName: null, sizeBytes: null }),
    sees: "Made for programs",
  },
  {
    title: "in a way that is not known",
    stall: ({ thing }) => Object.assign(thing, { networks: [] }),
    sees: "This browser cannot pay for this",
  },
];

/** Brings a page that nobody has opened yet into one of its states. */
export async function show(state, buyer) {
  state.stall?.(buyer.stall);
  state.wallet?.(buyer.wallet);
  await Promise.all((state.more ?? []).map((wallet) => wallet.install(buyer.page.context())));
  await buyer.open();
  await state.go?.(buyer);
  await buyer.sees(state.sees);
}
