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
import { AddressField, addressSentence } from "../AddressField";
import { goToProblem } from "../problem";
import { readAddress } from "../typed-address";
import { Part } from "./Part";

interface Props {
  item: NetworkItem;
  setUp: NetworkSetUp;
}

/** What few ever change: the token, and how often a node may be asked. */
export function TokenForm(props: Props) {
  // What was saved elsewhere begins the form anew.
  const { token, callsPerSecond } = props.setUp;
  return <Fields key={`${token} ${callsPerSecond}`} {...props} />;
}

function Fields({ item: { network, usdc, title }, setUp: { token, callsPerSecond } }: Props) {
  const { mutate, isPending, error, reset } = useNetworkSet();
  const [text, setText] = useState(token ?? "");
  const [calls, setCalls] = useState(callsPerSecond === null ? "" : String(callsPerSecond));
  const [tried, setTried] = useState(false);
  const { value, problem } = readAddress(text);
  // Where USDC is known, an empty field means it.
  const tokenProblem = problem === "empty" && usdc !== null ? null : problem;
  const isNumber = /^\d{0,4}$/.test(calls.trim());
  const isSame =
    (value ?? "").toLowerCase() === (token ?? "").toLowerCase() &&
    Number(calls.trim()) === (callsPerSecond ?? 0);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (tokenProblem !== null || !isNumber || isPending || isSame) {
      goToProblem(form);
      return;
    }
    mutate(
      { network, token: value ?? "", callsPerSecond: Number(calls.trim()) },
      {
        onSuccess: ({ ready, waitingFor }) =>
          notify(
            ready
              ? { title: m.networks_saved({ network: title }), tone: "settled" }
              : {
                  title: m.networks_was_set_up_waiting({ network: title }),
                  description: waitingFor ?? "",
                  tone: "failed",
                },
          ),
      },
    );
  };
  return (
    <Part title={m.networks_advanced()}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <AddressField
          label={m.networks_token_field()}
          hint={usdc === null ? m.networks_token_hint() : m.networks_token_hint_usdc()}
          text={text}
          onTextChange={(next) => {
            setText(next);
            reset();
          }}
          error={tried && tokenProblem !== null ? addressSentence(tokenProblem) : undefined}
        />
        <Field
          label={m.networks_calls()}
          description={m.networks_calls_hint()}
          error={isNumber ? undefined : m.networks_calls_wrong()}
        >
          <Input
            inputMode="numeric"
            value={calls}
            onValueChange={(next) => {
              setCalls(next);
              reset();
            }}
            className="max-w-32"
          />
        </Field>
        {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
        <div>
          <Button type="submit" loading={isPending} disabled={isSame}>
            {m.settings_save()}
          </Button>
        </div>
      </form>
    </Part>
  );
}
