import type { NotifyEvent } from "../../api/generated/NotifyEvent";
import type { NotifyItem } from "../../api/generated/NotifyItem";
import type { NotifySet } from "../../api/generated/NotifySet";
import type { NotifyView } from "../../api/generated/NotifyView";
import { decimal, price } from "./money";
import { refuse } from "./refuse";

const TOLD_IN_WINDOW: readonly NotifyEvent[] = ["sale", "update"];
const EVENTS: readonly NotifyEvent[] = ["sale", "failure", "gas", "offline", "backup", "update"];
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What the seller chose to be told of. It is never quiet here. */
export class Notifications {
  #items: NotifyItem[] = EVENTS.map((event) => ({
    event,
    toast: TOLD_IN_WINDOW.includes(event),
    system: true,
    sound: false,
  }));
  #quiet: string | null = null;
  #least: string | null = null;

  show(): NotifyView {
    return { items: this.#items, quiet: this.#quiet, quietNow: false, zone: "UTC", least: this.#least };
  }

  set({ event, toast, system, sound, quiet, least }: NotifySet): NotifyView {
    this.#items = this.#items.map((item) =>
      item.event === event
        ? {
            event,
            toast: toast ?? item.toast,
            system: system ?? item.system,
            sound: sound ?? item.sound,
          }
        : item,
    );
    if (quiet !== undefined) {
      const times = quiet.split("-");
      if (quiet !== "" && !(times.length === 2 && times.every((time) => TIME.test(time)))) {
        throw refuse("invalid_request", `"${quiet}" is not a time of quiet; write 22:00-07:00.`);
      }
      this.#quiet = quiet === "" ? null : quiet;
    }
    if (least !== undefined) {
      this.#least = least === "" ? null : decimal(price(least));
    }
    return this.show();
  }
}
