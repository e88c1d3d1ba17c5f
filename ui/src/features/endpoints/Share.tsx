import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { isLoopback } from "../../lib/address";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { QrCode } from "../../ui/QrCode";
import { Tabs } from "../../ui/Tabs";
import { useOpen } from "../../ui/useOpen";
import { Snippet } from "./Snippet";
import { curlSnippet, pythonSnippet, typeScriptSnippet } from "./snippets";

/** How others get at it: the link, its code for phones, and what a program writes. */
export function Share({ endpoint }: { endpoint: EndpointView }) {
  const { url, path, formatted, content } = endpoint;
  const open = useOpen();
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const [language, setLanguage] = useState("curl");
  if (url === null) {
    return <p className="text-text-2">{m.endpoints_no_link()}</p>;
  }
  const ware = { url, path, price: formatted, fileName: "name" in content ? content.name : "answer" };
  const snippets = [
    { value: "curl", label: m.endpoints_curl(), code: curlSnippet(ware) },
    { value: "typescript", label: m.endpoints_typescript(), code: typeScriptSnippet(ware) },
    { value: "python", label: m.endpoints_python(), code: pythonSnippet(ware) },
  ];
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap gap-4">
        <QrCode value={url} label={m.endpoints_qr_label({ url })} size={128} />
        <div className="flex min-w-52 flex-1 flex-col gap-3">
          <p
            title={url}
            className="rounded-control border bg-surface-2 px-2.5 py-1.5 font-mono text-caption break-all"
          >
            <span className="line-clamp-3 select-all">{url}</span>
          </p>
          <div className="flex flex-wrap gap-2">
            <CopyButton text={url} label={m.endpoints_copy_link()} size="md" variant="primary" />
            <Button icon={ExternalLink} onClick={() => void open(url)}>
              {m.endpoints_open_as_buyer()}
            </Button>
          </div>
          <p className="text-caption text-text-2">
            {isLoopback(url) ? m.endpoints_loopback() : m.endpoints_qr_text()}
          </p>
        </div>
      </div>
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">{m.endpoints_programs()}</h3>
        <Tabs
          label={m.endpoints_programs()}
          value={language}
          onValueChange={setLanguage}
          tabs={snippets.map(({ value, label, code }) => ({
            value,
            label,
            panel: <Snippet label={m.endpoints_code_of({ language: label })} code={code} />,
          }))}
        />
        {status?.environment === "practice" && language !== "curl" && (
          <p className="text-caption text-text-2">{m.endpoints_practice_note()}</p>
        )}
      </section>
    </div>
  );
}
