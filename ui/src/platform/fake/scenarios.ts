import type { Commands } from "../../api/generated/Commands";
import type { PriceSet } from "../../api/generated/PriceSet";
import { holdOut, lend } from "./lending";
import { enter, sellFor } from "./past";
import { setPrice } from "./prices";
import { hex } from "./random";
import type { Stall } from "./stall";
import { DAY } from "./sums";
import type { Trouble } from "./trouble";
import { FEW, HOSTILE, MANY, type Ware } from "./wares";
import { tellOthers } from "./webhooks";

const MINUTE = 60_000;

/** What a stall in memory can have been through. */
export const SCENARIOS = [
  "empty",
  "few",
  "full",
  "hostile",
  "node-away",
  "loading",
  "error",
  "attention",
  "test",
  "live",
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Commands that only look; all but `status`, without which there is no window to speak of. */
const READS: readonly (keyof Commands)[] = [
  "endpoint_list",
  "endpoint_show",
  "payment_list",
  "payment_show",
  "batch_list",
  "batch_show",
  "payer_list",
  "payer_show",
  "exposure_show",
  "schedule_show",
  "attention_list",
  "failure_list",
  "failure_show",
  "report",
  "refund_list",
  "refund_prepare",
  "revenue",
  "funnel_show",
  "request_list",
  "settle_preview",
  "settings_get",
  "network_list",
  "payout_show",
  "wallet_show",
  "live_checklist",
  "file_inspect",
  "reach_show",
  "price_list",
  "endpoint_files",
  "backup_show",
  "data_show",
  "webhook_list",
  "webhook_deliveries",
];

/** Lets a new stall go through a scenario. */
export function stage(stall: Stall, trouble: Trouble, scenario: Scenario): void {
  switch (scenario) {
    case "empty":
      return;
    case "few":
      few(stall);
      return;
    case "full":
      sell(stall, MANY);
      sellFor(stall, 90, 100_000, 180);
      stock(stall);
      tellOthers(stall);
      keepBooks(stall);
      lend(stall);
      return;
    case "hostile":
      sell(stall, HOSTILE);
      sellFor(stall, 5, 160, 12);
      stall.shelf.add({
        text: {
          body: `<script>document.title = "taken"</script>\n${"long".repeat(300)}`,
          fileName: `${"x".repeat(200)}.html`,
        },
        path: "/hostile-text",
        price: "0.05",
        title: "'; drop table texts; --",
        description: `"><img src=x onerror="document.title='taken'"> ${"word".repeat(300)}`,
      });
      stall.missing.push(...stall.book.payments.filter(({ state }) => state === "settled").slice(0, 2));
      lend(stall);
      return;
    case "node-away":
      few(stall);
      stall.isNodeAway = true;
      return;
    case "loading":
      few(stall);
      for (const name of ["status", ...READS] as const) {
        trouble.hold(name);
      }
      return;
    case "error":
      few(stall);
      for (const name of READS) {
        trouble.fail(name, "file", Number.POSITIVE_INFINITY, "The data file cannot be read: disk I/O error.");
      }
      return;
    case "attention":
      needing(stall);
      holdOut(stall);
      return;
    case "test":
      onTestNetworks(stall);
      return;
    case "live":
      beforeRealMoney(stall);
      return;
  }
}

function sell(stall: Stall, wares: readonly Ware[]): void {
  for (const { mode, ...ware } of wares) {
    const endpoint = stall.shelf.add({ ...ware, ...(mode !== undefined && { mode }) });
    endpoint.createdAt = stall.clock.now() - 100 * DAY + stall.shelf.endpoints.length * MINUTE;
  }
}

/** Sells more than files, and tells others of it: a folder, a text, and what a program answers. */
function stock({ shelf, reach, clock }: Stall): void {
  const now = clock.now();
  const stems = shelf.add({
    folder: { path: "/home/ada/Music/Snare stems/", soldAs: "files" },
    path: "/snare-stems",
    price: "0.25",
    title: "Snare stems",
    description: "Twelve takes of one snare, 24 bit and 96 kHz.\nEach is sold by itself.",
  });
  const price = (request: Omit<PriceSet, "endpoint">) =>
    setPrice(stems, { endpoint: stems.id, ...request }, now, () => undefined);
  price({ part: "snare-1.wav", free: true });
  price({ part: "long-takes/snare-room-mikes-as-recorded-on-the-second-day.wav", price: "2.40" });
  price({ code: "SPRING", price: "0.15" });
  price({ own: true, price: "0.50" });
  price({ price: "0.30", from: new Date(now + 9 * DAY).toISOString() });
  shelf.add({
    text: {
      body: '{\n  "harbour": "Old town",\n  "high": ["05:12", "17:40"]\n}\n',
      fileName: "tides-today.json",
    },
    path: "/tides-today",
    price: "0.01",
    title: "Tides of today",
    listed: false,
  });
  const weather = shelf.add({
    text: { body: "{}" },
    path: "/weather",
    price: "0.02",
    title: "Weather of a town",
  });
  weather.body = null;
  weather.content = {
    kind: "service",
    upstream: "http://127.0.0.1:3000/api",
    isRemote: false,
    pattern: "/{town}",
    methods: ["GET", "POST"],
    requestHeaders: ["accept-language"],
    answerHeaders: ["content-type", "etag"],
    longestRequest: 65_536,
    longestAnswer: 1_048_576,
    patienceSeconds: 30,
  };
  for (const endpoint of shelf.endpoints.slice(-3)) {
    endpoint.createdAt = now - 5 * DAY;
  }
  reach.kind = "cloudflare_quick";
}

/** A small stall: two weeks old, a dozen payments waiting, one of them not for long. */
function few(stall: Stall): void {
  sell(stall, FEW);
  sellFor(stall, 14, 58, 10);
  const [harbour, notes, stems] = stall.shelf.endpoints;
  if (harbour !== undefined && notes !== undefined && stems !== undefined) {
    const now = stall.clock.now();
    stems.state = "paused";
    enter(stall, notes, now - 80_000, "failed", "underfunded");
    stall.settler.watch(enter(stall, harbour, now - 70_000, "queued", null, 14 * 60));
    stall.settler.watch(enter(stall, notes, now - 20_000, "queued"));
  }
}

/** A stall where much went wrong: every reason there is, an empty gas wallet, a file that is gone. */
function needing(stall: Stall): void {
  sell(stall, FEW);
  sellFor(stall, 14, 40, 0);
  const [harbour, notes, stems, tides] = stall.shelf.endpoints;
  if (harbour === undefined || notes === undefined || stems === undefined || tides === undefined) {
    return;
  }
  const now = stall.clock.now();
  harbour.fileState = "missing";
  notes.fileState = "changed";
  for (let nth = 0; nth < 5; nth += 1) {
    // The first of them can be saved for a few minutes only.
    const window = nth === 0 ? 8 * 60 + 50 : undefined;
    enter(stall, notes, now - (80 - nth) * 1000, "failed", "underfunded", window);
    enter(stall, harbour, now - (80 - nth) * 1000, "expired", "expired");
  }
  for (const reason of ["blocked", "payer_has_code", "signature_refused", "refused"]) {
    enter(stall, stems, now - 70_000, "failed", reason);
  }
  enter(stall, harbour, now - 60_000, "cancelled", "nonce_used");
  enter(stall, tides, now - 60_000, "diverted", "nonce_used");
  for (const minutes of [4, 9, 13]) {
    const waiting = enter(stall, notes, now - 50_000, "queued", null, minutes * 60 + 50);
    if (minutes === 9) {
      waiting.delivery = "interrupted";
      waiting.bytesSent = Math.floor(waiting.bytesSent / 3);
    }
  }
  enter(stall, harbour, now - 40_000, "queued", "not_yet_valid");
  stall.gas = 0n;
  keepBooks(stall);
}

/** The coin has a price, something was given back, and something came by other means. */
function keepBooks(stall: Stall): void {
  const { seed, book, refunds, strays } = stall;
  const now = stall.clock.now();
  stall.settings.set("coin-price-ETH", "3150.20");
  stall.coinPrices.push({ since: 0, price: 3_150_200_000n });
  const settled = book.payments.filter(({ state }) => state === "settled").slice(-3, -1);
  for (const [place, payment] of settled.entries()) {
    refunds.push({
      id: place + 1,
      payment,
      amount: payment.amount,
      transaction: `0x${hex(32, seed, place, 21)}`,
      note: place === 0 ? "Bought twice by mistake" : null,
      at: now - (3 - place) * DAY,
    });
  }
  for (const place of [0, 1]) {
    strays.push({
      from: `0x${hex(20, seed, place, 22)}`,
      amount: BigInt(place + 1) * 2_500_000n,
      transaction: `0x${hex(32, seed, place, 23)}`,
      block: 40_999_000 + place * 411,
    });
  }
}

const OLD_ADDRESS = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const NEW_ADDRESS = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65";

/** A small stall on two public test networks: one of several nodes rests, and a token's code has changed. */
function onTestNetworks(stall: Stall): void {
  few(stall);
  stall.environment = "test";
  stall.wallet.keptIn = "file";
  stall.wallet.lockAfterMinutes = 60;
  stall.wallet.lastUsed = stall.clock.now();
  const now = stall.clock.now();
  const [base] = stall.networks.rows;
  if (base !== undefined) {
    base.rpcUrls = [
      "https://sepolia.base.example/v2/k3y",
      "https://base-away.example/k3y",
      "https://base-behind.example",
    ];
    base.payTo = NEW_ADDRESS;
    base.checkedAt = now - 3 * DAY;
  }
  const fuji = stall.networks.add("eip155:43113", ["https://fuji.example/k3y"], OLD_ADDRESS, now - 19 * DAY);
  fuji.hasChanged = true;
  stall.payouts.verified.set(`${fuji.network} ${OLD_ADDRESS.toLowerCase()}`, {
    by: "signature",
    at: now - DAY,
  });
  stall.payouts.changes.push({
    network: "eip155:84532",
    title: "Base Sepolia",
    from: OLD_ADDRESS,
    to: NEW_ADDRESS,
    at: now - 3 * 60 * MINUTE,
  });
}

/** A stall that is about to take real money: one network, no gas wallet, an address that nobody has verified. */
function beforeRealMoney(stall: Stall): void {
  sell(stall, FEW);
  stall.environment = "live";
  stall.isSelling = false;
  stall.gas = 0n;
  stall.wallet.keptIn = null;
  stall.networks.rows.length = 0;
  stall.networks.add("eip155:8453", ["https://base.example/k3y"], NEW_ADDRESS, stall.clock.now() - DAY);
}
