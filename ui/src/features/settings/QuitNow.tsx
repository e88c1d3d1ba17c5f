import { Power } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";

/** Quits for what waits for the next start; with money at stake it is asked first. */
export function QuitNow() {
  const platform = usePlatform();
  return (
    <Button icon={Power} onClick={() => void platform.askToQuit()}>
      {m.settings_quit()}
    </Button>
  );
}
