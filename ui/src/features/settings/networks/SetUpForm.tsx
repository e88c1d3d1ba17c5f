import { type FormEvent, useState } from "react";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import type { NetworkView } from "../../../api/generated/NetworkView";
import { useNetworkSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { AddressField, addressSentence } from "../AddressField";
import { AddressEnd } from "../payout/AddressEnd";
import { goToProblem } from "../problem";
import { readAddress } from "../typed-address";
import { NodeFields } from "./NodeFields";
import { isNodeUrl } from "./nodes";

interface Props {
  /** The network; left out for one that Stallkeeper does not know. */
  item?: NetworkItem;
  /** It was set up. */
  onDone(network: string): void;
}

/** Sets a network up: which it is when nobody knows it, its nodes, where the money goes, and the token. */
export function SetUpForm({ item, onDone }: Props) {
  const { mutate, isPending, error, reset } = useNetworkSet();
  const [chain, setChain] = useState("");
  const [urls, setUrls] = useState<readonly string[]>([""]);
  const [payTo, setPayTo] = useState("");
  const [token, setToken] = useState("");
  const [tried, setTried] = useState(false);
  const isCustom = item === undefined;
  const network = item?.network ?? `eip155:${chain.trim()}`;
  const isChain = !isCustom || /^[1-9]\d{0,14}$/.test(chain.trim());
  const given = urls.map((url) => url.trim()).filter((url) => url !== "");
  const to = readAddress(payTo);
  const contract = readAddress(token);
  const tokenProblem = contract.problem === "empty" && !isCustom ? null : contract.problem;
  const isGood =
    isChain && given.length > 0 && given.every(isNodeUrl) && to.value !== null && tokenProblem === null;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (!isGood || to.value === null || isPending) {
      goToProblem(form);
      return;
    }
    const done = ({ ready, waitingFor, title }: NetworkView) => {
      notify(
        ready
          ? { title: m.networks_was_set_up({ network: title }), tone: "settled" }
          : {
              title: m.networks_was_set_up_waiting({ network: title }),
              description: waitingFor ?? "",
              tone: "failed",
            },
      );
      onDone(network);
    };
    mutate(
      {
        network,
        rpcUrls: given,
        payTo: to.value,
        ...(contract.value !== null && { token: contract.value }),
      },
      { onSuccess: done },
    );
  };
  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      reset();
    };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <p className="text-text-2">{isCustom ? m.networks_custom_advice() : m.networks_set_up_text()}</p>
      {isCustom && (
        <Field
          label={m.networks_chain_id()}
          description={m.networks_chain_id_hint()}
          error={tried && !isChain ? m.networks_chain_id_wrong() : undefined}
        >
          <Input inputMode="numeric" value={chain} onValueChange={change(setChain)} className="max-w-48" />
        </Field>
      )}
      <NodeFields urls={urls} onUrlsChange={change(setUrls)} tried={tried} />
      <div className="flex flex-col gap-3">
        <AddressField
          label={m.settings_payout()}
          hint={m.settings_payout_paste()}
          text={payTo}
          onTextChange={change(setPayTo)}
          error={tried && to.problem !== null ? addressSentence(to.problem) : undefined}
        />
        {to.value !== null && <AddressEnd address={to.value} />}
      </div>
      {isCustom ? (
        <TokenField text={token} onTextChange={change(setToken)} problem={tried ? tokenProblem : null} />
      ) : (
        <details open={token !== ""}>
          <summary className="w-fit cursor-default rounded-control font-medium text-accent-text">
            {m.networks_other_token()}
          </summary>
          <div className="mt-3">
            <TokenField text={token} onTextChange={change(setToken)} problem={tried ? tokenProblem : null} />
          </div>
        </details>
      )}
      {error !== null && <Refusal title={m.networks_not_set_up_now()} error={error} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button type="submit" variant="primary" loading={isPending}>
          {m.networks_set_up()}
        </Button>
        <span className="text-caption text-text-2">{m.networks_set_up_note()}</span>
      </div>
    </form>
  );
}

interface TokenProps {
  text: string;
  onTextChange(text: string): void;
  problem: "empty" | "many" | "wrong" | null;
}

function TokenField({ text, onTextChange, problem }: TokenProps) {
  return (
    <AddressField
      label={m.networks_token_field()}
      hint={m.networks_token_hint()}
      text={text}
      onTextChange={onTextChange}
      error={problem === null ? undefined : addressSentence(problem)}
    />
  );
}
