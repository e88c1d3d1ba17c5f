import { computerQuery } from "../../../api/computer";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { SettingsSheet } from "../SettingsSheet";
import { Away } from "./Away";
import { Crashes } from "./Crashes";
import { Starting } from "./Starting";
import { Updates } from "./Updates";

/** How the program behaves on this computer. */
export function ComputerPage() {
  return (
    <SettingsSheet
      title={m.computer_title()}
      hash="computer"
      query={computerQuery(usePlatform())}
      failed={m.computer_failed()}
    >
      {(data) => (
        <>
          <Starting computer={data} />
          <Away computer={data} />
          <Updates computer={data} />
          <Crashes />
        </>
      )}
    </SettingsSheet>
  );
}
