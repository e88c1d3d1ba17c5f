import { Link } from "@tanstack/react-router";
import type { SettleView } from "../../api/generated/SettleView";
import type { UnsettledView } from "../../api/generated/UnsettledView";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button, buttonLook } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { Hindered } from "./Hindered";

interface Props {
  begun: SettleView;
  onClose(): void;
  /** Leads to the batches that were begun. */
  onShow(): void;
}

/** What settling left behind, network by network, and where to go on. */
export function UnsettledDialog({ begun: { items, unsettled, hindered }, onClose, onShow }: Props) {
  const networks = [...new Set(unsettled.map(({ network }) => network))];
  const needsHelp = unsettled.some(({ again }) => !again);
  return (
    <AlertDialog
      open
      onOpenChange={(open) => open || onClose()}
      wide
      title={m.settlements_left_title()}
      description={m.settlements_left_text()}
      dismiss={m.settlements_dialog_close()}
      confirm={
        <>
          {needsHelp && (
            <Link to="/attention" className={buttonLook()}>
              {m.settlements_left_attention()}
            </Link>
          )}
          {items.length > 0 && (
            <Button variant="primary" onClick={onShow}>
              {m.settlements_left_show({ count: items.length })}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {networks.map((network) => (
          <OnNetwork key={network} items={unsettled.filter((one) => one.network === network)} />
        ))}
        <Hindered sentences={hindered} />
      </div>
    </AlertDialog>
  );
}

function OnNetwork({ items }: { items: readonly UnsettledView[] }) {
  const title = items[0]?.networkTitle ?? "";
  return (
    <section aria-label={title} className="rounded-card border bg-bg p-3">
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {items.map(({ reason, sentence, again, payments, formatted }) => (
          <li key={`${reason} ${again}`} className="flex items-baseline justify-between gap-4">
            <span className="min-w-0 text-text-2">
              {sentence} {again && m.settlements_left_again()}
            </span>
            <span className="shrink-0 text-right">
              {m.settlements_left_payments({ count: payments, number: formatCount(payments) })} ·{" "}
              <Money value={formatted} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
