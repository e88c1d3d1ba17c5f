import {
  ChartNoAxesColumn,
  Footprints,
  House,
  Landmark,
  type LucideIcon,
  Receipt,
  Settings2,
  Tag,
  TriangleAlert,
  Users,
} from "lucide-react";
import { m } from "../../i18n/messages";

export interface PageLink {
  to:
    | "/"
    | "/endpoints"
    | "/payments"
    | "/buyers"
    | "/visitors"
    | "/settlements"
    | "/reports"
    | "/attention"
    | "/settings";
  title: () => string;
  icon: LucideIcon;
  /** The letter after G. */
  key: string;
}

interface Place {
  to:
    | "/settings"
    | "/settings/networks"
    | "/settings/wallet"
    | "/settings/reach"
    | "/settings/webhooks"
    | "/settings/notifications"
    | "/settings/computer"
    | "/settings/backups"
    | "/settings/data"
    | "/settings/licences"
    | "/live"
    | "/welcome";
  /** A part of a page. */
  hash?: string;
  title: () => string;
  /** What it is looked for by besides its name. */
  words?: readonly (() => string)[];
  /** Whether only practice has it. */
  practiceOnly?: boolean;
}

/** What has no place in the sidebar, for whoever asks for it by its name. */
export const PLACES: readonly Place[] = [
  { to: "/welcome", title: m.shell_do_welcome },
  { to: "/live", title: m.live_title },
  {
    to: "/settings",
    hash: "general",
    title: m.settings_general,
    words: [m.settings_language, m.settings_theme, m.settings_density],
  },
  { to: "/settings", hash: "stall", title: m.stall_title },
  { to: "/settings", hash: "payout", title: m.settings_payout },
  { to: "/settings/networks", title: m.networks_title },
  { to: "/settings/wallet", title: m.wallet_title },
  { to: "/settings/reach", title: m.reach_title },
  { to: "/settings", hash: "settling", title: m.schedule_title, words: [m.settlements_by_schedule] },
  { to: "/settings", hash: "exposure", title: m.exposure_title },
  { to: "/settings/webhooks", title: m.webhooks_title },
  { to: "/settings/notifications", title: m.notify_title },
  { to: "/settings", hash: "environment", title: m.settings_environment },
  { to: "/settings/computer", title: m.computer_title },
  { to: "/settings/backups", title: m.backups_title },
  { to: "/settings/data", title: m.data_title },
  { to: "/settings/data", hash: "diagnostics", title: m.data_diagnostics },
  { to: "/settings", hash: "practice", title: m.settings_practice, practiceOnly: true },
  { to: "/settings", hash: "about", title: m.settings_about },
  { to: "/settings/licences", title: m.settings_licences },
];

/** The pages in the order of the sidebar. */
export const PAGES: readonly PageLink[] = [
  { to: "/", title: m.home_title, icon: House, key: "h" },
  { to: "/endpoints", title: m.endpoints_title, icon: Tag, key: "e" },
  { to: "/payments", title: m.payments_title, icon: Receipt, key: "y" },
  { to: "/buyers", title: m.buyers_title, icon: Users, key: "b" },
  { to: "/visitors", title: m.visitors_title, icon: Footprints, key: "v" },
  { to: "/settlements", title: m.settlements_title, icon: Landmark, key: "s" },
  { to: "/reports", title: m.reports_title, icon: ChartNoAxesColumn, key: "r" },
  { to: "/attention", title: m.attention_title, icon: TriangleAlert, key: "a" },
  { to: "/settings", title: m.settings_title, icon: Settings2, key: "," },
];
