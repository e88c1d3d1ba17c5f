import { m } from "../../i18n/messages";

interface Named {
  anchor: string;
  title: () => string;
}

const OF_THE_WINDOW: readonly Named[] = [
  { anchor: "general", title: m.settings_general },
  { anchor: "computer", title: m.computer_title },
];

const OF_THE_STALL: readonly Named[] = [
  { anchor: "stall", title: m.stall_title },
  { anchor: "payout", title: m.settings_payout },
  { anchor: "networks", title: m.settings_network },
  { anchor: "wallet", title: m.wallet_title },
  { anchor: "reach", title: m.reach_title },
  { anchor: "settling", title: m.schedule_title },
  { anchor: "exposure", title: m.exposure_title },
  { anchor: "notifications", title: m.notify_title },
  { anchor: "webhooks", title: m.webhooks_title },
  { anchor: "environment", title: m.settings_environment },
  { anchor: "live", title: m.live_title },
  { anchor: "backups", title: m.backups_title },
  { anchor: "data", title: m.data_title },
];

const PRACTICE: Named = { anchor: "practice", title: m.settings_practice };
const ABOUT: Named = { anchor: "about", title: m.settings_about };

const WITHOUT_A_STALL = [...OF_THE_WINDOW, ABOUT];
const IN_PRACTICE = [...OF_THE_WINDOW, ...OF_THE_STALL, PRACTICE, ABOUT];
const ELSEWHERE = [...OF_THE_WINDOW, ...OF_THE_STALL, ABOUT];

/** The sections of the settings in their order, as far as they are there. */
export function sectionsOf(environment: string | undefined): readonly Named[] {
  switch (environment) {
    case undefined:
      return WITHOUT_A_STALL;
    case "practice":
      return IN_PRACTICE;
    default:
      return ELSEWHERE;
  }
}
