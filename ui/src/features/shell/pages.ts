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
import { m } from "../../i18n/paraglide/messages";

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
