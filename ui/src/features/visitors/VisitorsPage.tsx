import { m } from "../../i18n/messages";
import { Choice } from "../../ui/Choice";
import { Page } from "../../ui/Page";
import { Funnel } from "./Funnel";
import { Kept } from "./Kept";
import { Requests } from "./Requests";
import { SHOWN, useVisitorSearch } from "./search";

const WORDS = { funnel: m.visitors_show_funnel, requests: m.visitors_show_requests };

/** Who came to the stall, and how far: counted by day, and the newest requests one by one. */
export function VisitorsPage() {
  const { show, choose } = useVisitorSearch();
  const isLog = show === "requests";
  return (
    <Page title={m.visitors_title()} fill={isLog}>
      <div className="flex shrink-0 flex-col gap-3">
        <Choice
          label={m.visitors_show()}
          items={SHOWN.map((value) => ({ value, label: WORDS[value]() }))}
          value={show}
          onValueChange={(value) => choose({ show: value })}
          className="self-start"
        />
        <Kept />
      </div>
      {isLog ? <Requests /> : <Funnel />}
    </Page>
  );
}
