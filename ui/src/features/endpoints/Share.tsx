import { ExternalLink } from "lucide-react";
import { useRef } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { isLoopback } from "../../lib/address";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { QrCode } from "../../ui/QrCode";
import { useOpen } from "../../ui/useOpen";
import { embedHtml } from "./embed";
import { Programs } from "./Programs";
import { SaveCode } from "./SaveCode";
import { Snippet } from "./Snippet";
import { filledIn } from "./snippets";

/** How others get at it: the link, its code for phones, and what a program writes. */
export function Share({ endpoint }: { endpoint: EndpointView }) {
  const { url } = endpoint;
  const open = useOpen();
  const code = useRef<HTMLSpanElement>(null);
  if (url === null) {
    return <p className="text-text-2">{m.endpoints_no_link()}</p>;
  }
  const link = filledIn(url);
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-start gap-4">
        <QrCode ref={code} value={link} label={m.endpoints_qr_label({ url: link })} size={128} />
        <div className="flex min-w-52 flex-1 flex-col gap-3">
          <p
            title={url}
            className="rounded-control border bg-surface-2 px-2.5 py-1.5 font-mono text-caption break-all"
          >
            <span className="line-clamp-3 select-all">{url}</span>
          </p>
          <div className="flex flex-wrap gap-2">
            <CopyButton text={url} label={m.endpoints_copy_link()} size="md" variant="primary" />
            <Button icon={ExternalLink} onClick={() => void open(link)}>
              {m.endpoints_open_as_buyer()}
            </Button>
            <SaveCode code={code} path={endpoint.path} />
          </div>
          <p className="text-caption text-text-2">
            {isLoopback(url) ? m.endpoints_loopback() : m.endpoints_qr_text()}
          </p>
        </div>
      </div>
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">{m.endpoints_programs()}</h3>
        <Programs endpoint={endpoint} url={url} />
      </section>
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">{m.endpoints_embed()}</h3>
        <p className="text-caption text-text-2">{m.endpoints_embed_text()}</p>
        <Snippet label={m.endpoints_embed()} code={embedHtml(link, endpoint.title, endpoint.formatted)} />
      </section>
    </div>
  );
}
