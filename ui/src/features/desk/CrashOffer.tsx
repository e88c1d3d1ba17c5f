import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileWarning } from "lucide-react";
import { crashesQuery, useCrashDelete } from "../../api/computer";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { absoluteTime } from "../../lib/time";
import { Banner } from "../../ui/Banner";

/** Offers what was written down when something failed, until it is deleted. */
export function CrashOffer() {
  const { data } = useQuery(crashesQuery(usePlatform()));
  const remove = useCrashDelete();
  const newest = data?.[0];
  return newest === undefined ? null : (
    <Banner
      tone="neutral"
      icon={FileWarning}
      action={
        <>
          <Link to="/settings/computer" hash="crashes" className="font-medium underline underline-offset-2">
            {m.computer_crash_look()}
          </Link>
          <button
            type="button"
            className="font-medium underline underline-offset-2"
            onClick={() => remove.mutate(data ?? [])}
          >
            {m.computer_crash_dismiss()}
          </button>
        </>
      }
    >
      {m.computer_crash_offer({ time: absoluteTime(newest.at, true) })}
    </Banner>
  );
}
