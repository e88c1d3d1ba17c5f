import { useNow } from "../../ui/now";
import { ExportForm } from "./ExportForm";
import { useLeave, useWanted } from "./search";

/** The dialog that writes the books to a file, over whatever page is shown. The address says whether it is open. */
export function ExportDialog() {
  const wanted = useWanted(useNow());
  const leave = useLeave();
  return wanted === null ? null : <ExportForm {...wanted} onClose={leave} />;
}
