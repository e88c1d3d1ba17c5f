import { type FormEvent, useState } from "react";
import type { AssetView } from "../../api/generated/AssetView";
import { usePracticeFund } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatUsd, parseAmount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { PriceInput } from "../../ui/PriceInput";
import { notify } from "../../ui/toast";
import { AddressField, addressSentence } from "./AddressField";
import { goToProblem } from "./problem";
import { Row, Section } from "./Section";
import { readAddress } from "./typed-address";

/** Gives an address money that is not real. */
export function PracticeMoney({ token }: { token: AssetView | null | undefined }) {
  const { mutate, isPending, error, reset } = usePracticeFund();
  const [address, setAddress] = useState("");
  const [amount, setAmount] = useState("100");
  const [tried, setTried] = useState(false);
  const decimals = token?.decimals ?? 6;
  const to = readAddress(address);
  const much = parseAmount(amount, decimals);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (to.value === null || much.value === null || isPending) {
      goToProblem(form);
      return;
    }
    mutate(
      { addresses: [to.value], amount: much.value },
      {
        onSuccess: ({ addresses, formatted }) => {
          setTried(false);
          notify({
            title: m.settings_practice_done({ amount: formatUsd(formatted) }),
            description: m.settings_practice_done_text({ address: addresses[0] ?? to.value }),
            tone: "settled",
          });
        },
      },
    );
  };
  return (
    <Section anchor="practice" title={m.settings_practice()} text={m.settings_practice_text()}>
      <Row>
        <form onSubmit={submit} noValidate className="flex flex-col gap-3">
          <AddressField
            label={m.settings_practice_address()}
            text={address}
            onTextChange={(next) => {
              setAddress(next);
              reset();
            }}
            error={tried && to.problem !== null ? addressSentence(to.problem) : undefined}
          />
          <div className="max-w-60">
            <PriceInput
              label={m.settings_practice_amount()}
              text={amount}
              onTextChange={(next) => {
                setAmount(next);
                reset();
              }}
              decimals={decimals}
              token={token?.name ?? "USDC"}
              checked={tried}
            />
          </div>
          {error !== null && (
            <p role="alert" className="text-failed">
              {m.settings_practice_failed()}: {error.message}
            </p>
          )}
          <div>
            <Button type="submit" loading={isPending}>
              {m.settings_practice_send()}
            </Button>
          </div>
        </form>
      </Row>
    </Section>
  );
}
