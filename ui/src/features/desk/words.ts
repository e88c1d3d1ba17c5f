import type { TrayWords } from "../../api/computer";
import { m } from "../../i18n/messages";
import { formatUsd } from "../../lib/money";

/** What stands for an amount while amounts are hidden: outside this window, too. */
const COVERED = "••••";

/** What tray and notifications say, in the language of this window. The program fills in what stands in braces. */
export function trayWords(amountsHidden: boolean): TrayWords {
  return {
    ...amounts(formatUsd("1.50")),
    ...(amountsHidden && { amount: COVERED }),
    starting: m.computer_tray_starting(),
    selling: m.computer_tray_selling(),
    paused: m.computer_tray_paused(),
    offline: m.computer_tray_offline(),
    line: m.computer_tray_line({
      state: "{state}",
      sold: "{sold}",
      settled: "{settled}",
      pending: "{pending}",
    }),
    open: m.computer_tray_open(),
    pause: m.computer_tray_pause(),
    pausedUntil: m.computer_tray_paused_until({ time: "{time}" }),
    copy: m.computer_tray_copy(),
    visit: m.computer_tray_visit(),
    settle: m.computer_tray_settle({ pending: "{pending}" }),
    settleNothing: m.computer_tray_settle_nothing(),
    attention: m.computer_tray_attention({ count: "{count}" }),
    attentionNone: m.computer_tray_attention_none(),
    show: m.computer_tray_show(),
    settings: m.computer_tray_settings(),
    quit: m.computer_tray_quit(),
    soldOne: m.computer_tray_sold_one({ title: "{title}" }),
    soldMany: m.computer_tray_sold_many({ count: "{count}" }),
    soldFor: m.computer_tray_sold_for({ amount: "{amount}" }),
    failed: m.computer_tray_failed(),
    gas: m.computer_tray_gas(),
    unreached: m.computer_tray_unreached(),
    unsaved: m.computer_tray_unsaved(),
    update: m.computer_tray_update({ version: "{version}" }),
    updateText: m.computer_tray_update_text(),
    inTray: m.computer_tray_hidden(),
    inTrayText: m.computer_tray_hidden_text(),
  };
}

/** How an amount is written, read off one: what divides it, and where it stands beside its sign. */
export function amounts(sample: string): Pick<TrayWords, "amount" | "point"> {
  const [, point = "."] = /1(\D+)5/.exec(sample) ?? [];
  return { point, amount: sample.replace(/1\D+50/, "{amount}") };
}
