import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CloudOff, FlaskConical, Fuel, Gauge, type LucideIcon, Rocket, Unplug } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { attentionQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { Banner, type BannerTone } from "../../ui/Banner";

interface Notice {
  tone: BannerTone;
  icon: LucideIcon;
  text: string;
}

/** What concerns every page: that money is not real, and below it the worst of what is wrong. */
export function Banners() {
  const platform = usePlatform();
  const { data: status } = useQuery(statusQuery(platform));
  const notices = useNotices();
  const worst = notices[0];
  const more = notices.length - 1;
  return (
    <div className="shrink-0">
      {status !== undefined && status.environment !== "live" && (
        <div className="border-t-2 border-test">
          <Banner tone="test" icon={FlaskConical}>
            {status.environment === "practice" ? m.shell_practice() : m.shell_test()}
          </Banner>
        </div>
      )}
      {status?.bar.kind === "live_not_ready" && (
        <Banner
          tone="warning"
          icon={Rocket}
          action={
            <Link to="/live" className="font-medium underline underline-offset-2">
              {m.shell_not_live_do()}
            </Link>
          }
        >
          {m.shell_not_live()}
        </Banner>
      )}
      <div role="status">
        {worst !== undefined && (
          <Banner
            tone={worst.tone}
            icon={worst.icon}
            action={
              <>
                <Link to="/attention" className="font-medium underline underline-offset-2">
                  {m.shell_look()}
                </Link>
                {more > 0 && <span>{m.shell_more({ count: more })}</span>}
              </>
            }
          >
            {worst.text}
          </Banner>
        )}
      </div>
    </div>
  );
}

/** What is wrong with the stall as a whole, the worst first. */
function useNotices(): Notice[] {
  const platform = usePlatform();
  const { data: status, error } = useQuery(statusQuery(platform));
  const { data: attention } = useQuery(attentionQuery(platform));
  const notices: Notice[] = [];
  if (error !== null) {
    notices.push({ tone: "failed", icon: CloudOff, text: error.message });
  }
  if (status?.selling && status.offlineReason !== null) {
    notices.push({ tone: "failed", icon: Unplug, text: status.offlineReason });
  }
  for (const { kind, sentence } of attention?.items ?? []) {
    if (kind === "payments" || notices.some(({ text }) => text === sentence)) {
      continue;
    }
    notices.push(
      kind === "gas"
        ? { tone: "warning", icon: Fuel, text: sentence }
        : kind === "cap"
          ? { tone: "failed", icon: Gauge, text: m.ui_refusing() }
          : { tone: "failed", icon: Unplug, text: sentence },
    );
  }
  return notices;
}
