import { Coins, Power } from "lucide-react";
import { useState } from "react";
import type { Wanted } from "../../api/computer";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { absoluteTime } from "../../lib/time";
import { AlertDialog } from "../../ui/AlertDialog";
import { useAmountText } from "../../ui/amounts";
import { Button } from "../../ui/Button";

interface Props {
  /** What is at stake; null while nobody wants to quit. */
  atStake: Wanted["quit"];
  onStay(): void;
  onSettle(): void;
  onQuit(): void;
}

/** Names the money at stake, and the downloads that would be cut off, before the program ends. */
export function QuitDialog({ atStake, onStay, onSettle, onQuit }: Props) {
  const amount = useAmountText();
  // What it says stays while it closes.
  const [last, setLast] = useState(atStake);
  if (atStake !== null && atStake !== last) {
    setLast(atStake);
  }
  const shown = atStake ?? last;
  const isMoney = shown === null || shown.payments > 0;
  return (
    <AlertDialog
      open={atStake !== null}
      onOpenChange={(isOpen) => !isOpen && onStay()}
      title={isMoney ? m.computer_quit_title() : m.computer_quit_downloading_title()}
      description={
        shown !== null && (
          <>
            {isMoney &&
              m.computer_quit_text({
                count: shown.payments,
                shown: formatCount(shown.payments),
                amount: amount(shown.formatted),
              })}{" "}
            {shown.delivering > 0 &&
              m.computer_quit_downloading({
                count: shown.delivering,
                shown: formatCount(shown.delivering),
              })}
          </>
        )
      }
      dismiss={m.computer_quit_stay()}
      confirm={
        <>
          {isMoney && (
            <Button icon={Coins} onClick={onSettle}>
              {m.computer_quit_settle()}
            </Button>
          )}
          <Button variant="danger" icon={Power} onClick={onQuit}>
            {m.computer_quit_do()}
          </Button>
        </>
      }
    >
      {shown !== null && shown.settleBy !== null && shown.lostFrom !== null && (
        <p>
          {m.computer_quit_until({
            by: absoluteTime(shown.settleBy, true),
            lost: absoluteTime(shown.lostFrom, true),
          })}
        </p>
      )}
      {shown !== null && shown.inFlight > 0 && <p className="mt-2 text-text-2">{m.computer_quit_flight()}</p>}
    </AlertDialog>
  );
}
