import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { QrCode } from "../../ui/QrCode";
import { useOpen } from "../../ui/useOpen";

/** How buyers come to the stall, and the link to hand out. */
export function ReachStep({
  endpoints,
  children,
}: {
  endpoints: readonly EndpointView[];
  children: ReactNode;
}) {
  const open = useOpen();
  const url = endpoints.findLast(({ state, url: link }) => state === "live" && link !== null)?.url ?? null;
  return (
    <>
      <p>{m.welcome_reach_text()}</p>
      {children}
      {url === null ? (
        <p className="text-text-2">{m.welcome_reach_nothing()}</p>
      ) : (
        <div className="flex flex-wrap items-center gap-4">
          <QrCode value={url} label={m.welcome_reach_qr({ url })} size={112} />
          <div className="flex min-w-60 flex-1 flex-col gap-2">
            <code className="font-mono text-caption break-all">{url}</code>
            <span className="flex flex-wrap gap-2">
              <CopyButton text={url} label={m.welcome_reach_copy()} size="md" variant="primary" />
              <Button icon={ExternalLink} onClick={() => void open(url)}>
                {m.welcome_reach_open()}
              </Button>
            </span>
          </div>
        </div>
      )}
    </>
  );
}
