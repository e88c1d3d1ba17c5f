import { useEffect, useState } from "react";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import { ApiError } from "./error";
import type { Commands } from "./generated/Commands";
import type { Stale } from "./generated/Stale";

/** What is known of a view: nothing yet, its last answer, or why there is none. */
export type Known<View> =
  | { state: "asking" }
  | { state: "known"; view: View }
  | { state: "failed"; error: ApiError };

/** Commands that only look and take no request. */
type Look = { [Name in keyof Commands]: Commands[Name][0] extends null ? Name : never }[keyof Commands];

/** The answer of a command, asked again whenever something it shows went stale. */
export function useView<Name extends Look>(
  platform: Platform,
  name: Name,
  shows: readonly Stale[],
): Known<Commands[Name][1]> {
  const [known, setKnown] = useState<Known<Commands[Name][1]>>({ state: "asking" });
  useEffect(() => {
    let wanted = true;
    let latest = 0;
    const ask = () => {
      if (!wanted) {
        return;
      }
      latest += 1;
      const asked = latest;
      // An answer that was overtaken by a later question is not shown.
      const show = (known: Known<Commands[Name][1]>) => wanted && asked === latest && setKnown(known);
      call(platform, name, null as Commands[Name][0]).then(
        (view) => show({ state: "known", view }),
        (reason: unknown) => show({ state: "failed", error: ApiError.from(reason) }),
      );
    };
    const listening = platform.listen(({ stale }) => {
      if (stale.some((what) => what === "everything" || shows.includes(what))) {
        ask();
      }
    });
    // Asking begins when listening has, so that no change falls between the two.
    listening.then(ask, ask);
    return () => {
      wanted = false;
      listening.then((stop) => stop());
    };
  }, [platform, name, shows]);
  return known;
}
