import { useQuery } from "@tanstack/react-query";
import { ChartNoAxesColumn } from "lucide-react";
import { reportQuery } from "../../api/books";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { Answered } from "../../ui/Answered";
import { EmptyState } from "../../ui/EmptyState";
import { Choices } from "./Choices";
import { Lines } from "./Lines";
import { SaveLines } from "./SaveLines";
import { useReportSearch } from "./search";
import { Totals } from "./Totals";

/** What came in the chosen days, what it cost and what is left, in all and line by line. */
export function Income() {
  const { days, by } = useReportSearch();
  const report = useQuery(reportQuery(usePlatform(), { ...days, by }));
  return (
    <div className="flex flex-col gap-4">
      <Choices />
      <Answered query={report} failed={m.reports_failed()} rows={7}>
        {(data) =>
          data.totals.length === 0 ? (
            <EmptyState icon={ChartNoAxesColumn} title={m.reports_empty()} text={m.reports_empty_text()} />
          ) : (
            <>
              {data.totals.map((line) => (
                <Totals key={`${line.network} ${line.key}`} line={line} isOnly={data.totals.length === 1} />
              ))}
              <SaveLines report={data} />
              <Lines report={data} />
            </>
          )
        }
      </Answered>
    </div>
  );
}
