import { focusManager, type QueryClient, type QueryKey } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import type { Stale } from "./generated/Stale";
import { keys } from "./keys";
import { createRefresher } from "./refresh";

/** What is given on credit, to whom, and when it is settled. */
const TRUST: readonly QueryKey[] = [keys.payers, keys.exposure, keys.schedules];

/** How the stall is set up, and whether that is enough to sell. */
const SET_UP: readonly QueryKey[] = [
  keys.networks,
  keys.facilitators,
  keys.payouts,
  keys.wallet,
  keys.checklist,
];

/** Which answers may be wrong after an event. A new kind of event does not compile until it stands here. */
const STALE: Record<Stale, readonly QueryKey[]> = {
  everything: [keys.all],
  endpoints: [keys.endpoints, keys.payments, keys.attention, keys.data],
  payments: [
    keys.payments,
    keys.status,
    keys.revenue,
    keys.attention,
    keys.failures,
    keys.reports,
    keys.refunds,
    keys.preview,
    keys.data,
    keys.endpoints,
    keys.eachBatch,
    ...TRUST,
    keys.checklist,
  ],
  batches: [
    keys.batches,
    keys.payments,
    keys.failures,
    keys.reports,
    keys.status,
    keys.preview,
    keys.data,
    ...TRUST,
    ...SET_UP,
  ],
  settings: [
    keys.settings,
    keys.backups,
    keys.data,
    keys.status,
    keys.attention,
    keys.endpoints,
    keys.preview,
    keys.visitors,
    ...TRUST,
    ...SET_UP,
  ],
  deliveries: [keys.payments],
  webhooks: [keys.webhooks, keys.attention],
  notices: [keys.notices],
  reach: [keys.reach, keys.status, keys.endpoints, keys.attention, keys.checklist],
  status: [keys.status, keys.attention, keys.failures, keys.preview, keys.schedules, ...SET_UP],
};

/** After these, payments that are not the newest may have changed too. */
const DEEP: readonly Stale[] = ["everything", "endpoints", "batches"];

const DAY = 86_400_000;

/** Changes are heard of. */
interface Following {
  /** From then on none is missed. What is asked before then may be answered too early. */
  begun: Promise<void>;
  end(): void;
}

/** Asks again whatever the app says went stale, and everything when the person comes back. */
export function follow(client: QueryClient, platform: Platform): Following {
  const refresh = createRefresher(client, platform);
  const hear = (stale: readonly Stale[]) =>
    refresh({
      keys: stale.flatMap((what) => STALE[what] ?? STALE.everything),
      deep: stale.some((what) => DEEP.includes(what)),
    });
  const listening = platform.listen((event) => hear(event.stale));
  const stopFocus = focusManager.subscribe((focused) => {
    if (focused) {
      hear(["everything"]);
    }
  });
  const stopDays = eachMidnight(() => hear(["payments"]));
  return {
    // A window that cannot hear is still better than none.
    begun: listening.then(
      () => undefined,
      () => undefined,
    ),
    end: () => {
      stopFocus();
      stopDays();
      listening.then((stop) => stop()).catch(() => undefined);
    },
  };
}

/** What came in today is another sum on the next day, and nobody says so. Days are UTC, as the app's are. */
function eachMidnight(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    timer = setTimeout(
      () => {
        run();
        wait();
      },
      DAY - (Date.now() % DAY) + 1000,
    );
  };
  wait();
  return () => clearTimeout(timer);
}
