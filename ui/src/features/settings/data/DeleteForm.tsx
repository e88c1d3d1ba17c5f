import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useDataDelete } from "../../../api/data";
import type { DataOfEnvironment } from "../../../api/generated/DataOfEnvironment";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";
import { useAmountText } from "../../../ui/amounts";
import { Button, buttonLook } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { countsOf } from "./words";

interface Props {
  held: DataOfEnvironment;
  /** What has to be typed for the gas wallet's key. */
  keyWord: string;
  onDone(): void;
}

/** Names what would be lost, offers a backup, and takes the typed words. */
export function DeleteForm({ held, keyWord, onDone }: Props) {
  const { mutate, isPending, error } = useDataDelete();
  const amount = useAmountText();
  const [typed, setTyped] = useState("");
  const [withMoney, setWithMoney] = useState(false);
  const [withKey, setWithKey] = useState(false);
  const [typedKey, setTypedKey] = useState("");
  const [tried, setTried] = useState(false);
  const word = held.environment;
  const isTyped = typed.trim() === word;
  const isKeyTyped = !withKey || typedKey.trim() === keyWord;
  const isUnreadable = held.problem !== null;
  const isAtStake = held.open > 0 || isUnreadable;
  const isMoneyNamed = !isAtStake || withMoney;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (!(isTyped && isKeyTyped && isMoneyNamed) || isPending) {
      goToProblem(event.currentTarget);
      return;
    }
    mutate(
      {
        environment: word,
        word: typed.trim(),
        withMoneyAtStake: withMoney,
        ...(withKey && { keyWord: typedKey.trim() }),
      },
      { onSuccess: onDone },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <p>{isUnreadable ? m.data_delete_what_unreadable() : m.data_delete_what(countsOf(held))}</p>
      <p className="text-text-2">{m.data_delete_aside()}</p>
      <Link to="/settings/backups" className={buttonLook({ size: "sm" })}>
        {m.data_delete_backup()}
      </Link>
      {isAtStake && (
        <div className="flex flex-col gap-2">
          <p className="text-failed">
            {isUnreadable
              ? m.data_delete_stake_unknown()
              : m.data_delete_stake({
                  count: held.open,
                  number: formatCount(held.open),
                  amount: amount(held.atStake.formatted),
                })}
          </p>
          <Switch checked={withMoney} onCheckedChange={setWithMoney} label={m.data_delete_stake_yes()} />
          {tried && !isMoneyNamed && (
            <p role="alert" className="text-caption text-failed">
              {m.data_delete_stake_missing()}
            </p>
          )}
        </div>
      )}
      {held.hasKey && (
        <div className="flex flex-col gap-2">
          <Switch checked={withKey} onCheckedChange={setWithKey} label={m.data_delete_key()} />
          {withKey && (
            <Field
              label={m.data_delete_word({ word: keyWord })}
              description={m.data_delete_key_text()}
              error={tried && !isKeyTyped ? m.data_delete_wrong({ word: keyWord }) : undefined}
            >
              <Input value={typedKey} onValueChange={setTypedKey} className="max-w-48" />
            </Field>
          )}
        </div>
      )}
      <Field
        label={m.data_delete_word({ word })}
        error={tried && !isTyped ? m.data_delete_wrong({ word }) : undefined}
      >
        <Input value={typed} onValueChange={setTyped} className="max-w-48" />
      </Field>
      {error !== null && <Refusal title={m.data_delete_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="danger" loading={isPending}>
          {m.data_delete_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
