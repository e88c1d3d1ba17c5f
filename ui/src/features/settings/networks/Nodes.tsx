import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import type { NetworkSetUp } from "../../../api/generated/NetworkSetUp";
import { useNetworkSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";
import { NodeLine } from "./NodeLine";
import { isNodeUrl, places } from "./nodes";
import { Part } from "./Part";

interface Props {
  item: NetworkItem;
  setUp: NetworkSetUp;
  isEditable: boolean;
}

/** The nodes that are asked about the chain, the preferred one first. */
export function Nodes({ item, setUp, isEditable }: Props) {
  return (
    <Part
      title={m.networks_nodes()}
      text={isEditable ? m.networks_nodes_text() : m.networks_nodes_practice()}
    >
      <ul className="divide-y rounded-card border">
        {setUp.rpcUrls.map((url, place) => (
          <NodeLine
            key={nameOf(setUp.rpcUrls, place)}
            item={item}
            url={url}
            place={place}
            count={setUp.rpcUrls.length}
            node={setUp.nodes[place]}
            isEditable={isEditable}
          />
        ))}
      </ul>
      {isEditable && <AddNode item={item} count={setUp.rpcUrls.length} />}
    </Part>
  );
}

/** What a node is known by while others come and go: its host, and which it is of those with that host. */
function nameOf(urls: readonly string[], place: number): string {
  const url = urls[place] ?? "";
  return `${url} ${urls.slice(0, place).filter((other) => other === url).length}`;
}

/** Adds a node behind those that there are. */
function AddNode({ item: { network, title }, count }: { item: NetworkItem; count: number }) {
  const { mutate, isPending, error, reset } = useNetworkSet();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const url = text.trim();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (!isNodeUrl(url) || isPending) {
      goToProblem(form);
      return;
    }
    mutate(
      { network, keep: places(count), rpcUrls: [url] },
      {
        onSuccess: () => {
          setText("");
          setTried(false);
          notify({ title: m.networks_node_added({ network: title }), tone: "settled" });
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="mt-3 flex flex-col gap-2">
      <Field
        label={m.networks_node_add()}
        description={m.networks_node_hint()}
        error={tried && !isNodeUrl(url) ? m.networks_node_wrong() : undefined}
      >
        <Input
          inputMode="url"
          placeholder="https://"
          value={text}
          onValueChange={(next) => {
            setText(next);
            reset();
          }}
        />
      </Field>
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      <div>
        <Button type="submit" size="sm" icon={Plus} loading={isPending}>
          {m.networks_node_add_button()}
        </Button>
      </div>
    </form>
  );
}
