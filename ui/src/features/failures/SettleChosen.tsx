import { Coins } from "lucide-react";
import { useState } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { m } from "../../i18n/messages";
import { formatCount, formatUsd, sumOf } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { useSurroundings } from "../../ui/surroundings";
import { SettleTheseDialog } from "./SettleTheseDialog";

/** Settles those of the chosen payments that wait, after asking. */
export function SettleChosen({ payments, onDone }: { payments: readonly PaymentView[]; onDone(): void }) {
  const [asked, setAsked] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const { amountsHidden } = useSurroundings();
  const waiting = payments.filter(({ state }) => state === "queued");
  const amount = sumOf(waiting.map(({ formatted }) => formatted));
  const others = payments.length - waiting.length;
  return (
    <>
      <Button
        size="sm"
        icon={Coins}
        reason={waiting.length === 0 ? m.failures_settle_none() : null}
        onClick={() => {
          setAsked(asked + 1);
          setOpen(true);
        }}
      >
        {amountsHidden || waiting.length === 0
          ? m.failures_settle_confirm_hidden()
          : m.failures_settle_confirm({ amount: formatUsd(amount) })}
      </Button>
      {asked > 0 && (
        <SettleTheseDialog
          key={asked}
          payments={waiting}
          amount={amount}
          open={isOpen}
          onOpenChange={setOpen}
          onDone={onDone}
        >
          <p>
            {m.failures_settle_count({ count: waiting.length, number: formatCount(waiting.length) })} ·{" "}
            <Money value={amount} className="font-medium" />
          </p>
          {others > 0 && (
            <p className="mt-1 text-text-2">
              {m.failures_settle_others({ count: others, number: formatCount(others) })}
            </p>
          )}
        </SettleTheseDialog>
      )}
    </>
  );
}
