import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CloudOff, Fuel, Gauge, type LucideIcon, Rocket, Unlink, Unplug, X } from "lucide-react";
import { useState } from "react";
import type { StatusView } from "../../api/generated/StatusView";
import { usePlatform } from "../../api/platform-context";
import { attentionQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Banner, type BannerTone } from "../../ui/Banner";
import { IconButton } from "../../ui/IconButton";

interface Notice {
  tone: BannerTone;
  icon: LucideIcon;
  text: string;
  /** Whether a network that is set up is all that is missing. */
  lacksNetwork?: boolean;
}

/** What concerns every page and comes and goes: that real money is not taken yet, and the worst of what is wrong. */
export function Banners() {
  const platform = usePlatform();
  const { data: status } = useQuery(statusQuery(platform));
  const notices = useNotices();
  const worst = notices[0];
  const more = notices.length - 1;
  return (
    <div className="shrink-0">
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
                {worst.lacksNetwork ? (
                  <Link to="/settings/networks" className="font-medium underline underline-offset-2">
                    {m.home_node_set()}
                  </Link>
                ) : (
                  <Link to="/attention" className="font-medium underline underline-offset-2">
                    {m.shell_look()}
                  </Link>
                )}
                {more > 0 && <span>{m.shell_more({ count: more })}</span>}
              </>
            }
          >
            {worst.text}
          </Banner>
        )}
        {status !== undefined && <Moved status={status} />}
      </div>
    </div>
  );
}

/** That links which were handed out lead nowhere any more, until somebody has read it. */
function Moved({ status: { url, addressBefore } }: { status: StatusView }) {
  const [read, setRead] = useState<string | null>(null);
  if (url === null || addressBefore === null || read === url) {
    return null;
  }
  return (
    <Banner
      tone="warning"
      icon={Unlink}
      action={
        <>
          <Link to="/settings/reach" className="font-medium underline underline-offset-2">
            {m.shell_look()}
          </Link>
          <IconButton icon={X} size="sm" label={m.ui_close()} onClick={() => setRead(url)} />
        </>
      }
    >
      {m.shell_moved({ url, before: addressBefore })}
    </Banner>
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
    const lacksNetwork = status.networks.length === 0;
    notices.push({ tone: "failed", icon: Unplug, text: status.offlineReason, lacksNetwork });
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
