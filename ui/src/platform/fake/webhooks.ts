import type { WebhookAdd } from "../../api/generated/WebhookAdd";
import type { WebhookMessageQuery } from "../../api/generated/WebhookMessageQuery";
import type { WebhookMessageView } from "../../api/generated/WebhookMessageView";
import type { WebhookRemoved } from "../../api/generated/WebhookRemoved";
import type { WebhookSecretView } from "../../api/generated/WebhookSecretView";
import type { WebhookSet } from "../../api/generated/WebhookSet";
import type { WebhookView } from "../../api/generated/WebhookView";
import { paymentId } from "./payment-view";
import { hex } from "./random";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

/** Everything that a webhook can ask for. */
const WEBHOOK_EVENTS = [
  "payment.accepted",
  "payment.settled",
  "payment.failed",
  "payment.expired",
  "batch.settled",
  "stall.online",
  "stall.offline",
  "endpoint.changed",
];

const DAY = 86_400_000;

/** Who is told what happens, and what became of the messages. */
export class Webhooks {
  readonly all = new Map<number, WebhookView>();
  readonly messages: WebhookMessageView[] = [];
  #added = 0;

  next(): number {
    this.#added += 1;
    return this.#added;
  }
}

function find(stall: Stall, id: number): WebhookView {
  const found = stall.webhooks.all.get(id);
  if (found === undefined) {
    throw refuse("not_found", `There is no webhook ${id}.`);
  }
  return found;
}

function wanted(events: string[] | undefined, otherwise: string[]): string[] {
  const unknown = events?.find((event) => !WEBHOOK_EVENTS.includes(event));
  if (unknown !== undefined) {
    throw refuse("invalid_request", `"${unknown}" is no event; choose among ${WEBHOOK_EVENTS.join(", ")}.`);
  }
  return events ?? otherwise;
}

function kept(stall: Stall, view: WebhookView): WebhookView {
  stall.webhooks.all.set(view.id, view);
  stall.events.changed("webhooks");
  return view;
}

function withSecret(stall: Stall, view: WebhookView, advice: string): WebhookSecretView {
  const secret = `whsec_${btoa(hex(16, stall.seed, view.id, stall.clock.now()))}`;
  return { ...view, secret, advice };
}

/** Tells somebody what happens from now on. */
export function addWebhook(stall: Stall, request: WebhookAdd): WebhookSecretView {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  if (url === null || !["https:", "http:"].includes(url.protocol)) {
    throw refuse("invalid_request", "An address begins with https:// or http:// and names a host.");
  }
  const inside = ["localhost", "127.0.0.1"].includes(url.hostname);
  if (url.protocol === "http:" && !inside && request.allow !== true) {
    throw refuse(
      "invalid_request",
      `${url.hostname} is reached over https only. If you mean it, allow this very host.`,
    );
  }
  const view = kept(stall, {
    id: stall.webhooks.next(),
    url: url.origin,
    events: wanted(request.events, WEBHOOK_EVENTS),
    on: true,
    state: "on",
    sentence: `${url.origin} is told what happens.`,
    allowed: request.allow ?? false,
    waiting: 0,
    dead: 0,
    failingSince: null,
    changingUntil: null,
    createdAt: stall.clock.now(),
  });
  return withSecret(stall, view, "Take the secret to the receiver now; it is not shown again.");
}

/** Everybody who is told. */
export function listWebhooks(stall: Stall) {
  return { items: [...stall.webhooks.all.values()], events: WEBHOOK_EVENTS };
}

export function showWebhook(stall: Stall, id: number): WebhookView {
  return find(stall, id);
}

/** Switches a webhook on or off, or changes what it is told. */
export function setWebhook(stall: Stall, request: WebhookSet): WebhookView {
  const before = find(stall, request.id);
  const on = request.on ?? before.on;
  return kept(stall, {
    ...before,
    on,
    events: wanted(request.events, before.events),
    state: on ? "on" : "off",
    sentence: on ? `${before.url} is told what happens.` : `${before.url} is switched off.`,
  });
}

export function removeWebhook(stall: Stall, id: number): WebhookRemoved {
  const { url } = find(stall, id);
  stall.webhooks.all.delete(id);
  stall.events.changed("webhooks");
  return { id, url };
}

/** Makes a new secret, beside which the one before signs for a day. */
export function rotateWebhook(stall: Stall, id: number): WebhookSecretView {
  const view = kept(stall, { ...find(stall, id), changingUntil: stall.clock.now() + DAY });
  return withSecret(
    stall,
    view,
    "Take the secret to the receiver within a day; until then messages are signed with the one before too. It is not shown again.",
  );
}

/** Sends one message, which is taken. */
export function testWebhook(stall: Stall, id: number): WebhookMessageView {
  const webhook = find(stall, id);
  const now = stall.clock.now();
  const message = stall.webhooks.messages.length + 1;
  const view: WebhookMessageView = {
    message,
    webhook: webhook.id,
    messageId: `msg_${hex(16, stall.seed, id, message)}`,
    event: "webhook.test",
    about: "",
    state: "delivered",
    sentence: "It was taken.",
    attempts: 1,
    madeAt: now,
    triedAt: now,
    nextAt: null,
    status: 204,
    answer: null,
    body: JSON.stringify({ type: "webhook.test", timestamp: new Date(now).toISOString(), data: {} }),
  };
  stall.webhooks.messages.unshift(view);
  stall.events.changed("webhooks");
  return view;
}

/** Messages, newest first. */
export function listDeliveries(stall: Stall, query: WebhookMessageQuery) {
  if (query.id !== undefined) {
    find(stall, query.id);
  }
  const { id, state, about, before = Number.POSITIVE_INFINITY } = query;
  const items = stall.webhooks.messages.filter(
    (one) =>
      (id === undefined || one.webhook === id) &&
      (state === undefined || one.state === state) &&
      (about === undefined || one.about === about) &&
      one.message < before,
  );
  return { items: items.slice(0, query.limit ?? 50) };
}

/** Delivers a message once more. */
export function redeliver(stall: Stall, message: number): WebhookMessageView {
  const found = stall.webhooks.messages.find((one) => one.message === message);
  if (found === undefined) {
    throw refuse("not_found", "There is no such message.");
  }
  const now = stall.clock.now();
  Object.assign(found, {
    state: "delivered",
    sentence: "It was taken.",
    triedAt: now,
    nextAt: null,
    attempts: 1,
    status: 204,
    answer: null,
  });
  stall.events.changed("webhooks");
  return found;
}

/** Tells two receivers of what happened: one takes everything, one has been away for a while. */
export function tellOthers(stall: Stall): void {
  const now = stall.clock.now();
  const books = addWebhook(stall, { url: "https://books.example/stall" });
  const lamp = addWebhook(stall, {
    url: "http://192.168.1.9:8080/lamp",
    events: ["payment.accepted"],
    allow: true,
  });
  stall.webhooks.all.set(lamp.id, {
    ...showWebhook(stall, lamp.id),
    state: "failing",
    sentence:
      "http://192.168.1.9:8080 does not take what it is told; it is tried again at growing distances.",
    waiting: 2,
    dead: 1,
    failingSince: now - DAY,
  });
  const paid = stall.book.payments.slice(-6);
  for (const [place, payment] of paid.entries()) {
    for (const webhook of [books.id, lamp.id]) {
      const message = stall.webhooks.messages.length + 1;
      const away = webhook === lamp.id && place > 2;
      const dead = webhook === lamp.id && place === 2;
      const about = paymentId(stall.seed, payment.seq);
      stall.webhooks.messages.unshift({
        message,
        webhook,
        messageId: `msg_${hex(16, stall.seed, webhook, message)}`,
        event: "payment.accepted",
        about,
        state: away ? "waiting" : dead ? "dead" : "delivered",
        sentence: away
          ? "It is tried again. The host does not answer."
          : dead
            ? "It is not tried any more. The receiver answered 500."
            : "It was taken.",
        attempts: away ? 3 : dead ? 9 : 1,
        madeAt: payment.createdAt,
        triedAt: payment.createdAt + 400,
        nextAt: away ? now + 900_000 : null,
        status: away ? null : dead ? 500 : 204,
        answer: dead ? "Internal Server Error" : null,
        body: JSON.stringify({
          type: "payment.accepted",
          timestamp: new Date(payment.createdAt).toISOString(),
          data: { payment: about, endpoint: payment.endpoint.path },
        }),
      });
    }
  }
}
