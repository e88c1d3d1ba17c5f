import type { FunnelQuery } from "../../api/generated/FunnelQuery";
import type { FunnelSteps } from "../../api/generated/FunnelSteps";
import type { FunnelView } from "../../api/generated/FunnelView";
import type { RequestList } from "../../api/generated/RequestList";
import type { RequestQuery } from "../../api/generated/RequestQuery";
import { payer } from "./payment-view";
import type { Payment } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { DAY } from "./sums";

const USUAL_DAYS = 30;
const MOST_DAYS = 366;
const USUAL_REQUESTS = 100;
const MOST_REQUESTS = 1000;
/** As many are shown a price for each who signs. */
const LOOKERS = 6;

/** How far visits came. Everybody who paid was shown a price, and so were some who did not. */
export function showFunnel(stall: Stall, query: FunnelQuery): FunnelView {
  const { days = USUAL_DAYS } = query;
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    throw refuse("invalid_request", `A funnel has 1 to ${MOST_DAYS} days.`);
  }
  const only = query.endpoint === undefined ? null : stall.shelf.find(query.endpoint);
  const first = Math.floor(stall.clock.now() / DAY) - days + 1;
  const all = none();
  const byDay = Array.from({ length: days }, none);
  const byEndpoint = new Map<Payment["endpoint"], FunnelSteps>();
  for (const payment of stall.book.payments) {
    const day = byDay[Math.floor(payment.createdAt / DAY) - first];
    if (day !== undefined && (only === null || payment.endpoint === only)) {
      const ofEndpoint = byEndpoint.get(payment.endpoint) ?? none();
      byEndpoint.set(payment.endpoint, ofEndpoint);
      for (const steps of [all, day, ofEndpoint]) {
        count(steps, payment);
      }
    }
  }
  const items = [...byEndpoint].map(([endpoint, steps]) => ({
    endpoint: endpoint.path,
    endpointId: endpoint.id,
    title: endpoint.title,
    ...steps,
  }));
  items.sort((a, b) => b.shown - a.shown);
  const named = byDay.map((steps, place) => ({
    day: new Date((first + place) * DAY).toISOString().slice(0, 10),
    ...steps,
  }));
  return { ...all, items, days: named, zone: "UTC" };
}

function none(): FunnelSteps {
  return { shown: 0, signed: 0, delivered: 0, settled: 0 };
}

function count(steps: FunnelSteps, { state, delivery }: Payment): void {
  steps.shown += LOOKERS;
  steps.signed += 1;
  steps.delivered += delivery === "delivered" ? 1 : 0;
  steps.settled += state === "settled" || state === "settled_elsewhere" ? 1 : 0;
}

/** Of so many payments one is preceded by somebody who came for something that is not there. */
const STRAYS = 9;

/** The newest requests: before each payment somebody is shown its price. */
export function listRequests(
  stall: Stall,
  { limit = USUAL_REQUESTS, endpoint: name, before }: RequestQuery,
): RequestList {
  if (limit < 1 || limit > MOST_REQUESTS) {
    throw refuse("invalid_request", `1 to ${MOST_REQUESTS} requests can be listed.`);
  }
  const isKept = stall.settings.get("request-addresses") === "on";
  const only = name === undefined ? null : stall.shelf.find(name);
  const all = stall.book.payments
    .filter(({ endpoint }) => only === null || endpoint === only)
    .slice(-MOST_REQUESTS)
    .reverse()
    .flatMap(({ seq, createdAt, endpoint, bytesSent }) => {
      const buyer = payer(stall.seed, seq);
      const asked = {
        at: createdAt,
        method: endpoint.content.kind === "service" ? "POST" : "GET",
        path: endpoint.path,
        status: 200,
        outcome: "sold",
        took: 3100 + (seq % 7) * 400,
        bytes: bytesSent,
        payer: buyer as string | null,
        address: isKept ? `203.0.113.${seq % 250}` : null,
        own: seq % 25 === 0,
      };
      const shown = {
        ...asked,
        at: createdAt - 4000,
        status: 402,
        outcome: "terms",
        bytes: 1900,
        payer: null,
      };
      const strayed = {
        ...shown,
        at: createdAt - 9000,
        path: "/favicon.ico",
        status: 404,
        outcome: "not_found",
        bytes: 0,
      };
      return seq % STRAYS === 0 && only === null ? [asked, shown, strayed] : [asked, shown];
    });
  // The place in the list stands for the number of the request.
  const numbered = all.map((request, place) => ({ number: all.length - place, request }));
  const older = numbered.filter(({ number }) => before === undefined || number < Number(before));
  const items = older.slice(0, limit);
  const next = older.length > items.length ? String(items.at(-1)?.number) : null;
  return { items: items.map(({ request }) => request), open: true, next };
}
