import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { ReportView } from "../../api/generated/ReportView";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { useSurroundings } from "../../ui/surroundings";
import { useSave } from "../../ui/useSave";
import { asCsv } from "./csv";

/** Saves the lines that are shown as a file. Amounts that are covered stay so. */
export function SaveLines({ report }: { report: ReportView }) {
  const { amountsHidden } = useSurroundings();
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const save = useSave();
  if (amountsHidden || status === undefined) {
    return null;
  }
  const { environment } = status;
  const name = ["stallkeeper", environment, "report", report.by, report.from, report.to].join("-");
  return (
    <Button
      size="sm"
      icon={Download}
      className="self-end"
      onClick={() => void save(`${name}.csv`, () => asCsv(report, environment))}
    >
      {m.ui_save_csv()}
    </Button>
  );
}
