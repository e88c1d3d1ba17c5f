import type { GasWalletView } from "../../api/generated/GasWalletView";
import type { NoticeView } from "../../api/generated/NoticeView";
import type { PictureView } from "../../api/generated/PictureView";
import type { StatusView } from "../../api/generated/StatusView";
import { Backups } from "./backups";
import { Book } from "./book";
import type { Refund, Stray } from "./books";
import type { Clock } from "./clock";
import { Data } from "./data";
import { Events } from "./events";
import { Exports } from "./exports";
import type { Facilitators } from "./facilitators";
import { bar } from "./live";
import { COIN, coin, decimal, money } from "./money";
import { Networks, networkTitle, networkView, waitingFor } from "./networks";
import { Notifications } from "./notify";
import { changedPayouts, Payouts } from "./payout";
import { hex } from "./random";
import { newReach, publicUrl } from "./reach";
import { type Endpoint, NETWORK, type Payment, type PaymentState } from "./records";
import { refuse } from "./refuse";
import { signed } from "./revenue";
import { Schedule } from "./schedule";
import { BATCH_LIMIT, feeOf, gasOf, Settler } from "./settling";
import { Shelf } from "./shelf";
import { counted, DAY, GROUPS, HOUR } from "./sums";
import { Trust, usedUp } from "./trust";
import { gasOnNetworks, Wallet } from "./wallet";
import { Webhooks } from "./webhooks";

/** Where buyers reach it, until a setting says otherwise. */
const LOCAL_URL = "http://127.0.0.1:4021";

/** The practice chain's own payout address, and its node. */
const PAY_TO = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const NODE = "http://127.0.0.1:40455";

/** Wei that a new gas wallet holds: a tenth of the coin. */
const GAS = 100_000_000_000_000_000n;

const STATES: readonly PaymentState[] = [
  "queued",
  "settling",
  "settled",
  "settled_elsewhere",
  "failed",
  "expired",
  "cancelled",
  "diverted",
  "written_off",
  "voided",
];

/** A small stall in memory: what it remembers, and what it says of itself. */
export class Stall {
  readonly seed: number;
  readonly clock: Clock;
  readonly events: Events;
  readonly shelf: Shelf;
  readonly book: Book;
  readonly settler: Settler;
  readonly schedule: Schedule;
  readonly settings = new Map<string, string>();
  readonly networks = new Networks();
  readonly facilitators: Facilitators = new Map();
  readonly webhooks = new Webhooks();
  /** How buyers reach it. */
  readonly reach = newReach();
  readonly payouts = new Payouts();
  readonly refunds: Refund[] = [];
  /** What came to the payout address by other means, and what is in the books and did not come. */
  readonly strays: Stray[] = [];
  readonly missing: Payment[] = [];
  /** What the network's coin was worth since when, in millionths of a dollar, oldest first. */
  readonly coinPrices: { since: number; price: bigint | null }[] = [];
  readonly backups = new Backups();
  readonly data = new Data();
  readonly exports: Exports;
  readonly wallet = new Wallet();
  readonly trust = new Trust();
  environment: "practice" | "test" | "live" = "practice";
  gas = GAS;
  isSelling = true;
  /** Since when it is open. */
  readonly startedAt: number;
  /** What needed a look at some time and was told. */
  readonly troublesTold = new Map<string, NoticeView>();
  /** The last notice that was seen. */
  noticesSeen = 0;
  /** When it opens by itself after a pause. */
  pausedUntil: number | null = null;
  /** What the seller is told of. */
  readonly notifications = new Notifications();
  /** How many buyers download at this moment. */
  downloads = 0;
  /** What pages show of the seller. */
  picture: PictureView | null = null;
  isNodeAway = false;

  constructor(seed: number, clock: Clock) {
    this.seed = seed;
    this.clock = clock;
    this.startedAt = clock.now() - 3 * HOUR;
    this.networks.add(NETWORK, [NODE], PAY_TO, clock.now());
    this.exports = new Exports(clock);
    this.events = new Events(clock);
    this.shelf = new Shelf(seed, clock, this.events);
    this.book = new Book(seed, clock, this.events);
    this.settler = new Settler(
      this.book,
      clock,
      this.events,
      () => this.hindrance(),
      (wei) => {
        this.gas -= wei;
        this.events.changed("status");
      },
    );
    this.schedule = new Schedule(this.book, clock, this.events, () => {
      if (this.hindrance() === null) {
        this.settler.settle(null, null, "schedule");
      }
    });
  }

  /** Where the money of everything that was sold here goes. */
  get payTo(): string | null {
    return this.networks.find(NETWORK)?.payTo ?? null;
  }

  /** Where buyers reach it. */
  url(): string {
    return publicUrl(this) ?? LOCAL_URL;
  }

  /** Somebody buys; refused when nothing can be sold. */
  buy(endpoint: Endpoint): Payment {
    const why = this.offlineReason() ?? (this.isSelling ? null : "The stall is closed for now.");
    if (why !== null || endpoint.state !== "live") {
      throw refuse("unavailable", why ?? "It is not sold at the moment.");
    }
    const payment = this.book.accept(endpoint, this.payTo ?? PAY_TO, this.schedule.window());
    if (endpoint.mode === "instant") {
      this.settler.atOnce(payment);
    } else {
      this.settler.watch(payment);
      this.schedule.sold();
    }
    return payment;
  }

  /** Why nothing can be sold, whatever the seller chose. */
  offlineReason(): string | null {
    const { rows } = this.networks;
    if (rows.length === 0) {
      return "No network is set up yet.";
    }
    const reasons = rows.map(
      (row) =>
        waitingFor(this, row) ??
        (row.payTo === null ? `No payout address is set on ${networkTitle(row.network)}.` : null),
    );
    return reasons.includes(null) ? null : (reasons[0] ?? null);
  }

  /** Why nothing can be settled. */
  hindrance(): string | null {
    return this.offlineReason() ?? this.lowGas();
  }

  /** A sentence when the gas wallet could not pay for the next transaction at worst. */
  lowGas(): string | null {
    const worst = this.worstOfNext();
    return this.gas >= worst || this.wallet.keptIn === null
      ? null
      : `The gas wallet holds ${coin(this.gas)} ${COIN}; the next settlement may need ${coin(worst)} ${COIN}.`;
  }

  /** Wei that the next transaction may cost. */
  worstOfNext(): bigint {
    return feeOf(gasOf(Math.min(Math.max(this.book.queued().length, 1), BATCH_LIMIT)));
  }

  /** The wallet that pays for settlement. */
  gasWallet(): GasWalletView {
    return {
      address: `0x${hex(20, this.seed, 77 + this.wallet.made)}`,
      balance: this.isNodeAway ? null : this.gas.toString(),
      balanceFormatted: this.isNodeAway ? null : coin(this.gas),
      nativeSymbol: COIN,
      mostToLose: this.isNodeAway ? null : `${coin(this.gas)} ${COIN}`,
      nextSettlement: this.isNodeAway ? null : this.worstOfNext().toString(),
      nextSettlementFormatted: this.isNodeAway ? null : coin(this.worstOfNext()),
      locked: this.wallet.isLocked,
      locksAt: this.wallet.locksAt(),
      keptIn: this.wallet.keptIn ?? "practice",
      networks: gasOnNetworks(this),
    };
  }

  status(): StatusView {
    const { sums } = this.book;
    const exposure = sums.total("all", (state) => GROUPS.pending.includes(state)).amount;
    const now = this.clock.now();
    const midnight = Math.floor(now / DAY) * DAY;
    const today = this.settler.settledSince(midnight);
    const yesterday = this.settler.settledSince(midnight - DAY, now - DAY);
    return {
      openSince: this.startedAt,
      p95Micros: this.book.payments.length === 0 ? null : 4200,
      environment: this.environment,
      dataFolder: "/home/ada/.local/share/stallkeeper",
      url: this.url(),
      networks: this.networks.rows.map((row) => networkView(this, row)),
      gasWallet: this.wallet.keptIn === null ? null : this.gasWallet(),
      totals: STATES.map((state) => {
        const { payments, amount } = sums.total("all", (other) => other === state);
        return { state, network: NETWORK, payments, ...money(amount) };
      }).filter(({ payments }) => payments > 0),
      exposure: exposure.toString(),
      exposureFormatted: decimal(exposure),
      facilitators: [...this.facilitators.values()],
      bar: bar(this),
      payoutChanged: changedPayouts(this),
      selling: this.isSelling,
      pausedUntil: this.pausedUntil,
      offlineReason: this.offlineReason(),
      unreached: null,
      addressBefore: null,
      refusing: usedUp(this)?.sentence ?? null,
      money: {
        ...sums.summary("all"),
        settledToday: counted(today),
        settledYesterdayByNow: counted(yesterday),
        settledMore: signed(today.amount - yesterday.amount),
        pendingUntil: this.book.queued().reduce<number | null>((first, { validBefore }) => {
          const end = validBefore * 1000;
          return first === null ? end : Math.min(first, end);
        }, null),
      },
    };
  }
}
