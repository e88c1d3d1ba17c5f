import { CircleCheck, OctagonX } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ApiError } from "../../api/error";
import type { NetworkView } from "../../api/generated/NetworkView";
import type { StatusView } from "../../api/generated/StatusView";
import { useNetworkSet } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { addressPage } from "../../lib/explorer";
import { Address } from "../../ui/Address";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { notify } from "../../ui/toast";
import { networksOf } from "./networks";
import { goToProblem } from "./problem";
import { Row, Section } from "./Section";

/** The chains that buyers pay on, and the nodes that are asked about them. */
export function Networks({ status }: { status: StatusView }) {
  return (
    <Section title={m.settings_network()} text={m.settings_network_text()}>
      {networksOf(status).map((network) => (
        <Network key={network.network} network={network} environment={status.environment} />
      ))}
    </Section>
  );
}

function Network({ network, environment }: { network: NetworkView; environment: string }) {
  const { title, chainId, asset, rpcUrl, ready, waitingFor } = network;
  return (
    <Row
      title={title}
      control={
        ready ? (
          <Badge tone="settled" icon={CircleCheck}>
            {m.settings_network_ready()}
          </Badge>
        ) : (
          <Badge tone="failed" icon={OctagonX}>
            {m.settings_network_waiting()}
          </Badge>
        )
      }
    >
      {waitingFor !== null && <p className="mb-2 break-words text-failed">{waitingFor}</p>}
      <dl className="grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] items-center gap-x-6 gap-y-1.5">
        <dt className="text-text-2">{m.settings_network_chain()}</dt>
        <dd>
          <code className="font-mono text-caption">{chainId}</code>
        </dd>
        <dt className="text-text-2">{m.settings_network_token()}</dt>
        <dd className="flex min-w-0 flex-wrap items-center gap-x-2">
          {asset === null ? (
            <span className="text-text-2">{m.settings_network_token_none()}</span>
          ) : (
            <>
              {asset.name}
              <Address
                value={asset.address}
                what={m.settings_network_token_what()}
                explorer={addressPage(environment, network.network, asset.address)}
              />
            </>
          )}
        </dd>
        {environment === "practice" && (
          <>
            <dt className="text-text-2">{m.settings_network_node()}</dt>
            <dd>
              <code className="font-mono text-caption break-all">
                {rpcUrl ?? m.settings_network_node_none()}
              </code>
            </dd>
          </>
        )}
      </dl>
      {environment === "practice" ? (
        <p className="mt-2 text-caption text-text-2">{m.settings_network_practice()}</p>
      ) : (
        <NodeForm network={network} />
      )}
    </Row>
  );
}

/** Chooses another node. The one in use is not shown whole: its URL may hold a key. */
function NodeForm({ network: { network, rpcUrl } }: { network: NetworkView }) {
  const { mutateAsync, isPending, error, reset } = useNetworkSet();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const url = text.trim();
  const isUrl = /^https?:\/\/[^/\s]/.test(url);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (!isUrl || isPending) {
      goToProblem(form);
      return;
    }
    const saved = ({ ready, waitingFor }: NetworkView) => {
      setText("");
      setTried(false);
      notify(
        ready
          ? { title: m.settings_network_saved(), tone: "settled" }
          : { title: m.settings_network_saved_waiting(), description: waitingFor ?? "", tone: "failed" },
      );
    };
    const refused = ({ message }: ApiError) => {
      if (form.isConnected) {
        goToProblem(form);
      } else {
        notify({ title: m.settings_not_saved(), description: message, tone: "failed" });
      }
    };
    // A node may take its time to answer, and the person may be on another page by then.
    mutateAsync({ network, rpcUrls: [url] }).then(saved, refused);
  };
  return (
    <form onSubmit={submit} noValidate className="mt-3 flex flex-col items-start gap-2">
      <Field
        label={m.settings_network_url()}
        description={
          rpcUrl === null ? m.settings_network_url_none() : m.settings_network_url_now({ host: rpcUrl })
        }
        error={tried && !isUrl ? m.settings_network_url_wrong() : error?.message}
      >
        <Input
          inputMode="url"
          value={text}
          onValueChange={(next) => {
            setText(next);
            reset();
          }}
        />
      </Field>
      <Button type="submit" loading={isPending}>
        {m.settings_save()}
      </Button>
    </form>
  );
}
