import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { usePlatform } from "../../../api/platform-context";
import { settingsQuery, useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/paraglide/messages";
import { formatDecimal, formatUsd, parseAmount } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";
import { Part } from "./Part";

/** The places of a coin's price in dollars. */
const PLACES = 6;

/** What the seller says the coin is worth, in place of what the network's price feed says. */
export function CoinPrice({ coin }: { coin: string }) {
  const { data } = useQuery(settingsQuery(usePlatform()));
  const own = data?.items.find(({ key }) => key === `coin-price-${coin}`)?.value ?? "";
  return (
    <Part title={m.networks_price({ coin })} text={m.networks_price_text()}>
      {data !== undefined && <PriceForm key={own} coin={coin} own={own} />}
    </Part>
  );
}

function PriceForm({ coin, own }: { coin: string; own: string }) {
  const { mutate, isPending, error, reset } = useSettingSet();
  const shown = own === "" ? "" : formatDecimal(own);
  const [text, setText] = useState(shown);
  const [tried, setTried] = useState(false);
  const { value, problem } = parseAmount(text, PLACES);
  // An empty field gives the price back to the feed.
  const isWrong = problem !== null && problem !== "empty";
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (isWrong || isPending) {
      goToProblem(form);
      return;
    }
    const done =
      value === null
        ? m.networks_price_from_feed()
        : m.networks_price_done({ coin, price: formatUsd(value) });
    mutate(
      { key: `coin-price-${coin}`, value: value ?? "" },
      { onSuccess: () => notify({ title: done, tone: "settled" }) },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2">
      <Field
        label={m.networks_price_own()}
        description={m.networks_price_hint()}
        error={tried && isWrong ? m.networks_price_wrong({ example: formatDecimal("3150.20") }) : undefined}
      >
        <Input
          before="$"
          inputMode="decimal"
          value={text}
          onValueChange={(next) => {
            setText(next);
            reset();
          }}
          className="max-w-48"
        />
      </Field>
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      <div>
        <Button type="submit" size="sm" loading={isPending} disabled={text.trim() === shown}>
          {m.settings_save()}
        </Button>
      </div>
    </form>
  );
}
