import { type FormEvent, useState } from "react";
import { useSettingSet } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatUsd, parseAmount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { PriceInput } from "../../ui/PriceInput";
import { Refusal } from "../../ui/Refusal";
import { notify } from "../../ui/toast";

const FORM = "coin-price";
/** The places of a coin's price in dollars. */
const PLACES = 6;

interface Props {
  /** The coin's symbol. */
  coin: string;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Takes what a network's coin is worth, by which costs are told in dollars from then on. */
export function CoinPrice({ coin, open, onOpenChange }: Props) {
  const { mutate, isPending, error, reset } = useSettingSet();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const { value } = parseAmount(text, PLACES);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (value === null || isPending) {
      return;
    }
    mutate(
      { key: `coin-price-${coin}`, value },
      {
        onSuccess: () => {
          onOpenChange(false);
          notify({
            title: m.reports_price_done({ coin, price: formatUsd(value) }),
            description: m.reports_price_done_text(),
            tone: "settled",
          });
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.reports_price_title({ coin })}
      description={m.reports_price_text()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{m.ui_cancel()}</Button>
          <Button type="submit" form={FORM} variant="primary" loading={isPending}>
            {m.reports_price_save()}
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={submit} noValidate>
        <PriceInput
          label={m.reports_price_field({ coin })}
          text={text}
          onTextChange={(next) => {
            setText(next);
            reset();
          }}
          decimals={PLACES}
          token="USD"
          checked={tried}
        />
        {error !== null && <Refusal title={m.reports_price_failed()} error={error} />}
      </form>
    </Dialog>
  );
}
