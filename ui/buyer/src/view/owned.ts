import type { Body } from "../ask";
import type { PaymentStatus } from "../contract";
import { formatBytes, formatTime } from "../figures";
import type { KeptGrant } from "../keep";
import { asShape, asText, parseJson } from "../read";
import type { State } from "../state";
import { h } from "./element";
import { button, buttons, quiet, steps, text } from "./parts";
import type { Panel, Scene } from "./scene";

/** The most text that is shown on the page itself. */
const LONGEST_SHOWN = 256 * 1024;

/** Grants whose download has begun by itself, once, on this page. */
const begun = new WeakSet<KeptGrant>();

/** What was bought, and how to get it again. */
export function owned(scene: Scene, state: Extract<State, { is: "owned" }>): Panel {
  const { page, words } = scene;
  const { grant, isFresh } = state;
  if (state.isOver || grant.grant === "") {
    return over(scene);
  }
  const name = grant.fileName ?? page.fileName ?? "";
  const link = downloadLink(
    grant.grant,
    name,
    isFresh && !begun.has(grant) ? words.owned_download : words.owned_again,
    grant.sizeBytes,
  );
  const isText = page.kind === "text";
  const beginsByItself = isFresh && grant.files.length === 0 && !isText && !begun.has(grant);
  if (beginsByItself) {
    begun.add(grant);
    link.textContent = words.owned_again;
    queueMicrotask(() => link.click());
  }
  const settled = h("p", { class: "quiet" });
  void tellSettled(scene, grant, settled);
  const told = isFresh
    ? [words.owned_thanks, beginsByItself ? words.owned_started : ""].join(" ").trim()
    : null;
  return {
    title: words.owned_title,
    parts: [
      isFresh ? steps(words, "receive") : null,
      told === null
        ? quiet(words.owned_since(formatTime(new Date(grant.since))))
        : h("div", { class: "notice good" }, text(told)),
      isText ? sold(scene, grant) : null,
      grant.files.length === 0 ? null : files(scene, grant),
      buttons(
        grant.files.length === 0 ? link : null,
        grant.receipt === null ? null : h("a", { class: "button", href: grant.receipt }, words.owned_receipt),
      ),
      settled,
    ],
    ...(told === null ? {} : { said: told }),
  };
}

/** A plain link, so that the browser's own download manager takes it: it can pause, resume and name the file. */
function downloadLink(href: string, name: string, label: string, size: number | null): HTMLAnchorElement {
  const words = size === null ? label : `${label} · ${formatBytes(size)}`;
  return h(
    "a",
    { class: "button main", href, download: name, rel: "noreferrer", referrerpolicy: "no-referrer" },
    words,
  );
}

function files({ words }: Scene, grant: KeptGrant): HTMLElement {
  const rows = grant.files.map(({ grant: href, name, sizeBytes }) =>
    h(
      "li",
      null,
      h("a", { href, download: name, rel: "noreferrer", referrerpolicy: "no-referrer" }, name),
      sizeBytes !== null && h("span", { class: "size" }, formatBytes(sizeBytes)),
    ),
  );
  return h("ul", { class: "files", "aria-label": words.owned_files }, ...rows);
}

/** A text that was bought is read right here. */
function sold(scene: Scene, grant: KeptGrant): HTMLElement {
  const { words } = scene;
  const place = h(
    "pre",
    { tabindex: "0", role: "region", "aria-label": words.owned_text },
    words.owned_loading,
  );
  const copy = copyButton(scene, () => place.textContent ?? "");
  fetch(grant.grant, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" })
    .then((response) => (response.ok ? response.text() : Promise.reject(new Error(response.statusText))))
    .then((whole) => {
      place.textContent = whole.length > LONGEST_SHOWN ? words.bought_long : whole;
    })
    .catch(() => {
      place.textContent = words.owned_textFailed;
    });
  return h("div", { class: "buttons" }, place, copy);
}

function copyButton({ say, words }: Scene, what: () => string): HTMLElement {
  const made = button(
    words.owned_copy,
    async () => {
      try {
        await navigator.clipboard.writeText(what());
        made.textContent = words.owned_copied;
        say(words.owned_copied);
      } catch {
        // Plain http has no clipboard; the text can be marked.
        getSelection()?.selectAllChildren(made.previousElementSibling ?? made);
      }
    },
    "",
  );
  return made;
}

/** Whether the money has arrived, where the seller says so. */
async function tellSettled({ words }: Scene, grant: KeptGrant, place: HTMLElement): Promise<void> {
  if (grant.status === null) {
    return;
  }
  try {
    const response = await fetch(grant.status, { cache: "no-store", credentials: "omit" });
    const state = asText(asShape<PaymentStatus>(parseJson(await response.text()))?.state);
    if (state === "settled" || state === "settled_elsewhere") {
      place.textContent = words.owned_settled;
    } else if (state === "queued" || state === "settling") {
      place.textContent = words.owned_queued;
    }
  } catch {
    // It is said on the receipt, too.
  }
}

function over({ purchase, words }: Scene): Panel {
  const { canSignIn } = purchase;
  return {
    title: words.owned_title,
    parts: [
      h("div", { class: "notice" }, text(words.owned_over)),
      text(canSignIn ? words.owned_overText : words.owned_overSign),
      buttons(button(words.owned_prove, () => purchase.back(canSignIn ? "prove" : "pay"))),
    ],
    said: words.owned_over,
  };
}

export function alreadyPaid({ purchase, words }: Scene): Panel {
  const { canSignIn } = purchase;
  return {
    title: words.paid_title,
    parts: [
      text(canSignIn ? words.paid_text : words.paid_sign),
      buttons(
        button(canSignIn ? words.paid_button : words.paid_signButton, () =>
          purchase.back(canSignIn ? "prove" : "pay"),
        ),
      ),
    ],
  };
}

/** What a service answered; it is nowhere else, because a service is never called twice for one payment. */
export function bought(scene: Scene, { body }: Extract<State, { is: "bought" }>): Panel {
  const { page, words } = scene;
  const isText = /^(?:text\/|application\/(?:[\w.+-]+\+)?json)/.test(body.type);
  const name = body.fileName ?? page.fileName ?? defaultName(body.type);
  const isFile = page.kind !== "service";
  const save = h(
    "a",
    { class: "button main", href: URL.createObjectURL(body.bytes), download: name },
    `${words.bought_save} · ${formatBytes(body.bytes.size)}`,
  );
  return {
    title: isFile ? words.bought_file : words.bought_title,
    parts: [
      steps(words, "receive"),
      isText ? answer(scene, body) : null,
      buttons(save),
      quiet(words.bought_once),
    ],
  };
}

function answer(scene: Scene, body: Body): HTMLElement {
  const { words } = scene;
  const place = h("pre", { tabindex: "0", role: "region", "aria-label": words.bought_title });
  if (body.bytes.size > LONGEST_SHOWN) {
    place.textContent = words.bought_long;
  } else {
    void body.bytes.text().then((whole) => {
      const parsed = body.type.includes("json") ? parseJson(whole) : null;
      place.textContent = parsed === null ? whole : JSON.stringify(parsed, null, 2);
    });
  }
  return h(
    "div",
    { class: "buttons" },
    place,
    copyButton(scene, () => place.textContent ?? ""),
  );
}

function defaultName(type: string): string {
  return type.includes("json") ? "answer.json" : type.startsWith("text/") ? "answer.txt" : "answer.bin";
}
