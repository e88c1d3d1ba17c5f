import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePlatform } from "../../api/platform-context";
import { settingsQuery } from "../../api/queries";
import { m } from "../../i18n/messages";

/** The setting that keeps network addresses beside the newest requests. */
const ADDRESSES = "request-addresses";

/** What is kept of visitors, and where that is chosen. */
export function Kept() {
  const { data } = useQuery(settingsQuery(usePlatform()));
  const setting = data?.items.find(({ key }) => key === ADDRESSES);
  return (
    <p className="max-w-[60rem] text-caption text-text-2">
      {m.visitors_kept()}{" "}
      {setting !== undefined && (
        <>
          {setting.value === "on" ? m.visitors_kept_addresses() : m.visitors_kept_no_addresses()}{" "}
          <Link
            to="/settings"
            hash="stall"
            className="font-medium text-accent-text underline-offset-2 hover:underline"
          >
            {m.visitors_kept_change()}
          </Link>
        </>
      )}
    </p>
  );
}
