import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Notice, Place, Wanted } from "../../api/computer";
import { keys } from "../../api/keys";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { usePreferences } from "../../ui/preferences";
import { notify } from "../../ui/toast";
import { Leaving } from "./Leaving";
import { QuitDialog } from "./QuitDialog";
import { trayWords } from "./words";

/** Does what the program around the page wants: goes where tray and links lead, and asks before money is left alone. */
export function Desk() {
  const platform = usePlatform();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { amountsHidden } = usePreferences();
  const [quit, setQuit] = useState<Wanted["quit"]>(null);
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    const goTo = (place: Place) => {
      switch (place.page) {
        case "home":
          return void navigate({ to: "/" });
        case "settle":
          return void navigate({ to: ".", search: (known) => ({ ...known, settle: true }) });
        case "attention":
          return void navigate({ to: "/attention" });
        case "payments":
          return void navigate({ to: "/payments" });
        case "backups":
          return void navigate({ to: "/settings/backups" });
        case "computer":
          return void navigate({ to: "/settings/computer" });
        case "payment":
          return void navigate({ to: "/payments/$payment", params: { payment: place.payment } });
      }
    };
    const say = ({ isGood, title, text, place }: Notice) =>
      notify({
        title,
        description: text,
        tone: isGood ? "settled" : "failed",
        action: { label: m.computer_notice_show(), run: () => goTo(place) },
      });
    const look = async () => {
      const wanted = await platform.wants();
      setQuit(wanted.quit);
      wanted.notices.forEach(say);
      if (wanted.place !== null) {
        goTo(wanted.place);
      }
    };
    const hear = () => {
      void client.invalidateQueries({ queryKey: keys.computer });
      void client.invalidateQueries({ queryKey: keys.crashes });
      look().catch(() => undefined);
    };
    const listening = platform.listenToProgram(hear);
    // What was wanted before anybody listened.
    listening.then(look).catch(() => undefined);
    return () => {
      listening.then((stop) => stop()).catch(() => undefined);
    };
  }, [platform, client, navigate]);
  useEffect(() => {
    platform.speak(trayWords(amountsHidden)).catch(() => undefined);
  }, [platform, amountsHidden]);
  const stay = () => {
    setQuit(null);
    setLeaving(false);
    platform.stay().catch(() => undefined);
  };
  return (
    <>
      {isLeaving && quit === null && <Leaving onEnd={() => setLeaving(false)} />}
      <QuitDialog
        atStake={quit}
        onStay={stay}
        onSettle={() => {
          stay();
          setLeaving(true);
          void navigate({ to: ".", search: (known) => ({ ...known, settle: true }) });
        }}
        onQuit={() => void platform.quit()}
      />
    </>
  );
}
