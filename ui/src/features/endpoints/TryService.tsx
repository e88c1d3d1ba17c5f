import { CircleCheck, OctagonX, PlugZap } from "lucide-react";
import { useState } from "react";
import type { EndpointTest } from "../../api/generated/EndpointTest";
import { useEndpointTest } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";

/** Asks a service, without charging anybody. */
export function TryService({ request }: { request: Pick<EndpointTest, "endpoint" | "service"> }) {
  const { mutate, data, error, isPending } = useEndpointTest();
  const [path, setPath] = useState("");
  const send = () => mutate({ ...request, ...(path.trim() !== "" && { path: path.trim() }) });
  const isWell = data?.well === true;
  const Icon = isWell ? CircleCheck : OctagonX;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1 basis-40">
          <Field label={m.endpoints_try_path()}>
            <Input
              placeholder="/paris"
              value={path}
              onValueChange={setPath}
              onKeyDown={(event) => {
                // The form around it is for what is sold.
                if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
                  event.preventDefault();
                  send();
                }
              }}
              className="font-mono"
            />
          </Field>
        </div>
        <Button icon={PlugZap} loading={isPending} className="mt-6" onClick={send}>
          {m.endpoints_try()}
        </Button>
      </div>
      <div aria-live="polite">
        {data !== undefined && error === null && (
          <p className={`flex gap-2 ${isWell ? "text-settled" : "text-failed"}`}>
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {data.message}
              <span className="block text-caption text-text-2">
                {[
                  data.status === null ? null : `HTTP ${data.status}`,
                  data.milliseconds === null ? null : `${formatCount(data.milliseconds)} ms`,
                  data.mediaType,
                ]
                  .filter((part) => part !== null)
                  .join(" · ")}
              </span>
            </span>
          </p>
        )}
        {error !== null && <p className="text-failed">{error.message}</p>}
      </div>
    </div>
  );
}
