import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Tabs } from "../../ui/Tabs";
import { Income } from "./Income";
import { Reconciliation } from "./Reconciliation";
import { Refunds } from "./Refunds";
import { TABS, type Tab, useReportSearch } from "./search";

/** The books: what came, what it cost, what was given back, and whether the chain says the same. */
export function ReportsPage() {
  const { tab, choose } = useReportSearch();
  return (
    <Page
      title={m.reports_title()}
      action={
        <Link
          to="."
          search={(known) => ({
            ...known,
            export: tab === "refunds" ? ("refunds" as const) : ("payments" as const),
          })}
          className={buttonLook({ variant: "primary" })}
        >
          <Download aria-hidden className="size-4" strokeWidth={1.5} />
          {m.reports_export()}
        </Link>
      }
    >
      <Tabs
        label={m.reports_tabs()}
        value={tab}
        onValueChange={(value) => choose({ tab: TABS.find((one) => one === value) ?? "income" })}
        tabs={TABS.map((value) => ({ value, label: WORDS[value](), panel: PANELS[value] }))}
      />
    </Page>
  );
}

const WORDS: Record<Tab, () => string> = {
  income: m.reports_tab_income,
  refunds: m.reports_tab_refunds,
  chain: m.reports_tab_chain,
};

const PANELS = { income: <Income />, refunds: <Refunds />, chain: <Reconciliation /> };
