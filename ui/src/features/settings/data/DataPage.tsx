import { dataQuery } from "../../../api/data";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { SettingsSheet } from "../SettingsSheet";
import { Books } from "./Books";
import { Deleting } from "./Deleting";
import { Diagnostics } from "./Diagnostics";
import { Kept } from "./Kept";
import { Lies } from "./Lies";

/** What lies in the data folder: how much, for how long, in which files it is taken along, and deleting it. */
export function DataPage() {
  return (
    <SettingsSheet
      title={m.data_title()}
      hash="data"
      query={dataQuery(usePlatform())}
      failed={m.data_failed()}
    >
      {(data) => (
        <>
          <Lies data={data} />
          <Kept kept={data.kept} />
          <Books />
          <Diagnostics />
          <Deleting data={data} />
        </>
      )}
    </SettingsSheet>
  );
}
