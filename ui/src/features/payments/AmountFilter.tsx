import { Popover } from "@base-ui/react/popover";
import { ChevronDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import { m } from "../../i18n/messages";
import { formatUsd, parseAmount } from "../../lib/money";
import { Button, buttonLook } from "../../ui/Button";
import { cn } from "../../ui/cn";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { listLook } from "../../ui/overlay";

const DECIMALS = 6;

interface Props {
  least: string | undefined;
  most: string | undefined;
  onChange(range: { least: string | undefined; most: string | undefined }): void;
}

/** Narrows to amounts between two. */
export function AmountFilter({ least, most, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const isOn = least !== undefined || most !== undefined;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={buttonLook({ size: "sm", variant: isOn ? "chosen" : "secondary" })}>
        {isOn ? rangeWord(least, most) : m.payments_filter_amount()}
        <ChevronDown aria-hidden className="size-3.5" strokeWidth={1.5} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="z-50">
          <Popover.Popup aria-label={m.payments_filter_amount()} className={cn(listLook, "w-64 p-3")}>
            <Range
              least={least}
              most={most}
              onChange={(range) => {
                setOpen(false);
                onChange(range);
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** A range of amounts in words. */
function rangeWord(least: string | undefined, most: string | undefined): string {
  if (least !== undefined && most !== undefined) {
    return least === most ? formatUsd(least) : `${formatUsd(least)} – ${formatUsd(most)}`;
  }
  return least === undefined ? `≤ ${formatUsd(most ?? "0")}` : `≥ ${formatUsd(least)}`;
}

function Range({ least, most, onChange }: Props) {
  const [typed, setTyped] = useState({ least: least ?? "", most: most ?? "" });
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const ends = [typed.least, typed.most].map((text) => parseAmount(text, DECIMALS));
    if (ends.some(({ problem }) => problem !== null && problem !== "empty")) {
      setWrong(true);
      return;
    }
    onChange({ least: ends[0]?.value ?? undefined, most: ends[1]?.value ?? undefined });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-2">
        <Field label={m.payments_filter_least()}>
          <Input
            before="$"
            inputMode="decimal"
            value={typed.least}
            onValueChange={(value) => setTyped({ ...typed, least: value })}
          />
        </Field>
        <Field label={m.payments_filter_most()}>
          <Input
            before="$"
            inputMode="decimal"
            value={typed.most}
            onValueChange={(value) => setTyped({ ...typed, most: value })}
          />
        </Field>
      </div>
      {isWrong && (
        <p role="alert" className="text-caption text-failed">
          {m.payments_filter_amount_wrong()}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button size="sm" variant="ghost" onClick={() => onChange({ least: undefined, most: undefined })}>
          {m.payments_filter_amount_any()}
        </Button>
        <Button size="sm" type="submit" variant="primary">
          {m.payments_filter_apply()}
        </Button>
      </div>
    </form>
  );
}
