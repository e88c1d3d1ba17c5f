import { type FormEvent, useState } from "react";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import { useNetworkSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { AddressField, addressSentence } from "../AddressField";
import { goToProblem } from "../problem";
import { isSame, readAddress } from "../typed-address";

interface Props {
  item: NetworkItem;
  /** The price feed that the seller chose; null where the known one counts. */
  chosen: string | null;
}

/** Chooses who tells what the network's coin is worth. An empty field means the known one again. */
export function FeedForm({ item: { network, title, priceFeed }, chosen }: Props) {
  const { mutate, isPending, error, reset } = useNetworkSet();
  const [text, setText] = useState(chosen ?? "");
  const [tried, setTried] = useState(false);
  const { value, problem } = readAddress(text);
  const isWrong = problem !== null && problem !== "empty";
  const isUnchanged = isSame(value ?? "", chosen ?? "");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isWrong || isUnchanged || isPending) {
      goToProblem(event.currentTarget);
      return;
    }
    mutate(
      { network, priceFeed: value ?? "" },
      { onSuccess: () => notify({ title: m.networks_saved({ network: title }), tone: "settled" }) },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2">
      <AddressField
        label={m.networks_feed_other()}
        hint={priceFeed === null ? m.networks_feed_hint_none() : m.networks_feed_hint()}
        text={text}
        onTextChange={(next) => {
          setText(next);
          reset();
        }}
        error={tried && isWrong ? addressSentence(problem) : undefined}
      />
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      <div>
        <Button type="submit" size="sm" loading={isPending} disabled={isUnchanged}>
          {m.settings_save()}
        </Button>
      </div>
    </form>
  );
}
