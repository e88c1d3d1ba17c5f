import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import { tinykeys } from "tinykeys";
import { usePlatform } from "../../api/platform-context";
import { overlayIsOpen } from "../../ui/overlay";
import { preferences } from "../../ui/preferences";
import { isTyping } from "../../ui/typing";
import { exportOf } from "./export-of";
import { PAGES } from "./pages";
import { useStallSwitch } from "./StallSwitch";
import { useStanding } from "./standing";
import { useGoToPage } from "./useGoToPage";

/** The keys that work on every page. */
export function useShortcuts(open: (what: "palette" | "keys") => void): void {
  const platform = usePlatform();
  const router = useRouter();
  const navigate = useNavigate();
  const { standing } = useStanding();
  const { turn } = useStallSwitch();
  const goTo = useGoToPage();

  const stall = useEffectEvent(() => {
    if (standing !== "starting") {
      turn(standing === "paused");
    }
  });
  const show = useEffectEvent(open);

  useEffect(() => {
    const always = (run: () => void) => (event: KeyboardEvent) => {
      if (!overlayIsOpen()) {
        event.preventDefault();
        run();
      }
    };
    // A key that is held down quits once: who wants it twice is not asked again.
    const once = (run: () => void) => (event: KeyboardEvent) => {
      event.preventDefault();
      if (!event.repeat) {
        always(run)(event);
      }
    };
    const letter = (run: () => void) => (event: KeyboardEvent) => {
      // The last letter of several, such as of G E, is none of its own.
      if (preferences().letterKeys && !isTyping(event) && !event.defaultPrevented) {
        always(run)(event);
      }
    };
    const toPages = Object.fromEntries(PAGES.map(({ to, key }) => [`g ${key}`, letter(() => goTo(to))]));
    return tinykeys(window, {
      "$mod+k": always(() => show("palette")),
      "$mod+.": always(() => stall()),
      "$mod+,": always(() => void navigate({ to: "/settings" })),
      "$mod+Shift+S": always(
        () => void navigate({ to: ".", search: (known) => ({ ...known, settle: true }) }),
      ),
      "$mod+w": once(() => void platform.close()),
      "$mod+q": once(() => void platform.askToQuit()),
      "Shift+?": letter(() => show("keys")),
      // A page that has a search of its own is searched; elsewhere, everything is.
      "/": letter(() => {
        const own = document.querySelector<HTMLInputElement>("main [data-page-search]");
        if (own === null) {
          show("palette");
        } else {
          own.focus();
          own.select();
        }
      }),
      n: letter(() => void navigate({ to: "/endpoints", search: { add: true } })),
      "g p": letter(() => void navigate({ to: "/endpoints" })),
      ...toPages,
      e: letter(() => {
        const shown = exportOf(router.state.location);
        if (shown !== undefined) {
          void navigate({ to: ".", search: (known) => ({ ...known, export: shown }) });
        }
      }),
    });
  }, [platform, router, navigate, goTo]);
}
