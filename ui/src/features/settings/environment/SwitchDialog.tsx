import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSwitchTo } from "../../../api/computer";
import { usePlatform } from "../../../api/platform-context";
import { quitPreviewQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";
import { absoluteTime } from "../../../lib/time";
import { AlertDialog } from "../../../ui/AlertDialog";
import { useAmountText } from "../../../ui/amounts";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";

interface Props {
  /** The environment that is gone to; null while none is. */
  to: string | null;
  /** What the two are called. */
  before: string;
  after: string;
  onStay(): void;
}

/** Says what going to another environment means, and what is at stake in this one. */
export function SwitchDialog({ to, before, after, onStay }: Props) {
  const { mutate, isPending, isSuccess, error, reset } = useSwitchTo();
  const {
    data: atStake,
    error: unknown,
    isFetching,
  } = useQuery({ ...quitPreviewQuery(usePlatform()), enabled: to !== null });
  const amount = useAmountText();
  // What it says stays while it closes.
  const [last, setLast] = useState(after);
  if (to !== null && after !== last) {
    setLast(after);
  }
  const go = () =>
    to !== null &&
    mutate(to, {
      // Nothing that was shown of one may stand beside the other.
      onSuccess: () => window.location.assign("/"),
    });
  return (
    <AlertDialog
      open={to !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen && !isPending) {
          reset();
          onStay();
        }
      }}
      title={m.settings_environment_title({ environment: last })}
      description={m.settings_environment_what({ before, after: last })}
      dismiss={m.settings_environment_stay()}
      confirm={
        // Nobody goes before they could read what may be lost.
        <Button variant="primary" loading={isFetching || isPending || isSuccess} onClick={go}>
          {m.settings_environment_switch({ environment: last })}
        </Button>
      }
    >
      {atStake !== undefined && atStake.payments > 0 && (
        <p className="text-warning">
          {m.computer_quit_text({
            count: atStake.payments,
            shown: formatCount(atStake.payments),
            amount: amount(atStake.formatted),
          })}{" "}
          {m.settings_environment_stake()}{" "}
          {atStake.settleBy !== null &&
            atStake.lostFrom !== null &&
            m.settings_environment_until({
              by: absoluteTime(atStake.settleBy, true),
              lost: absoluteTime(atStake.lostFrom, true),
            })}
        </p>
      )}
      {atStake !== undefined && atStake.delivering > 0 && (
        <p className="mt-2 text-warning">
          {m.computer_quit_downloading({
            count: atStake.delivering,
            shown: formatCount(atStake.delivering),
          })}
        </p>
      )}
      {unknown !== null && <Refusal title={m.settings_environment_unknown()} error={unknown} />}
      {to === "live" && <p className="mt-2">{m.settings_environment_live()}</p>}
      {error !== null && <Refusal title={m.settings_environment_failed()} error={error} />}
    </AlertDialog>
  );
}
