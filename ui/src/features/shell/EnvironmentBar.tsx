import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Banner } from "../../ui/Banner";

/** That money is not real, across the whole window for as long as it is open. */
export function EnvironmentBar() {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  return (
    status !== undefined &&
    status.environment !== "live" && (
      <div className="shrink-0 border-t-2 border-test">
        <Banner tone="test" icon={FlaskConical}>
          {status.environment === "practice" ? m.shell_practice() : m.shell_test()}
        </Banner>
      </div>
    )
  );
}
