import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, LoaderCircle } from "lucide-react";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { PurchaseView } from "../../api/generated/PurchaseView";
import { usePlatform } from "../../api/platform-context";
import { recentPaymentsQuery, usePracticeBuy } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { Button, buttonLook } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ErrorState, type Failure } from "../../ui/ErrorState";
import { Field } from "../../ui/Field";
import { Money } from "../../ui/Money";
import { Select } from "../../ui/Select";
import { StateBadge } from "../../ui/StateBadge";
import { Switch } from "../../ui/Switch";
import { linkLook } from "./Figure";

export interface PurchaseProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** What can be bought. */
  wares: readonly EndpointView[];
}

/** A purchase by the practice buyer: what to buy, how it goes, how it went. */
export function PurchaseDialog({ open, onOpenChange, wares }: PurchaseProps) {
  const { mutate, reset, data, error, isPending } = usePracticeBuy();
  const [chosen, setChosen] = useState<string | null>(null);
  const [bought, setBought] = useState<Bought | null>(null);
  const [movesAway, setMovesAway] = useState(false);
  const ware = wares.find(({ id }) => id === chosen) ?? wares[0];
  const purchase = data?.items[0];
  const failure = error ?? failureOf(purchase);
  // Where it is settled at once, there is nothing left to move away.
  const canFail = ware !== undefined && ware.mode !== "instant";
  const isToFail = canFail && movesAway;
  const buy = () => {
    if (ware !== undefined) {
      setBought({ ware, isToFail });
      mutate({ path: ware.path, ...(isToFail && { movesAway: true }) });
    }
  };
  const change = (isOpen: boolean) => {
    onOpenChange(isOpen);
    if (isOpen === false && !isPending) {
      reset();
      setMovesAway(false);
    }
  };
  const isDone = purchase !== undefined && failure === null && bought !== null;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={m.home_buy()}
      description={m.home_buy_text()}
      footer={
        isDone ? (
          <>
            <Button key="again" onClick={buy}>
              {m.home_buy_again()}
            </Button>
            <Button key="done" variant="primary" autoFocus onClick={() => change(false)}>
              {m.home_buy_close()}
            </Button>
          </>
        ) : (
          <>
            <Button key="close" onClick={() => change(false)}>
              {isPending ? m.ui_close() : m.ui_cancel()}
            </Button>
            {failure === null && (
              <Button
                key="buy"
                variant="primary"
                loading={isPending}
                disabled={ware === undefined}
                onClick={buy}
              >
                {m.home_buy_now()}
              </Button>
            )}
          </>
        )
      }
    >
      {failure !== null ? (
        <ErrorState title={m.home_buy_failed()} error={failure} retrying={isPending} onRetry={buy} />
      ) : isPending ? (
        <p role="status" className="flex items-start gap-2.5">
          <LoaderCircle aria-hidden className="mt-0.5 size-4 shrink-0 animate-spin" strokeWidth={1.5} />
          {bought?.ware.mode === "instant" ? m.home_buy_paying_instant() : m.home_buy_paying()}
        </p>
      ) : isDone ? (
        <Received
          purchase={purchase}
          bought={bought}
          notMoved={data?.notMoved ?? null}
          onLeave={() => change(false)}
        />
      ) : (
        ware !== undefined && (
          <div className="flex flex-col gap-4">
            <Field
              label={m.home_buy_what()}
              description={
                <>
                  <Money value={ware.formatted} />
                  {ware.content.kind !== "service" && ` · ${formatBytes(ware.content.bytes)}`}
                </>
              }
            >
              <Select
                items={wares.map(({ id, title }) => ({ value: id, label: title }))}
                value={ware.id}
                onValueChange={setChosen}
              />
            </Field>
            {canFail && (
              <div className="flex flex-col gap-1">
                <Switch checked={movesAway} onCheckedChange={setMovesAway} label={m.home_buy_away()} />
                <p className="text-caption text-text-2">{m.home_buy_away_text()}</p>
              </div>
            )}
          </div>
        )
      )}
    </Dialog>
  );
}

/** A purchase that brought nothing is an answer of the stall, not an error of the command. */
function failureOf(purchase: PurchaseView | undefined): Failure | null {
  return purchase === undefined || purchase.error === null
    ? null
    : { code: `status ${purchase.status ?? "none"}`, message: purchase.error };
}

interface Bought {
  ware: EndpointView;
  /** Whether the buyer moves the money away, so that settling fails. */
  isToFail: boolean;
}

interface ReceivedProps {
  purchase: PurchaseView;
  bought: Bought;
  /** Why the buyer could not move the money away. */
  notMoved: string | null;
  onLeave(): void;
}

/** What the buyer has now, and how its payment goes on. */
function Received({ purchase, bought, notMoved, onLeave }: ReceivedProps) {
  const { ware, isToFail } = bought;
  const { data } = useQuery(recentPaymentsQuery(usePlatform()));
  const payment = data?.items.find(({ payer }) => payer.toLowerCase() === purchase.payer.toLowerCase());
  // Beyond a cap a sale is settled at once, and a schedule may come before the buyer: then nothing fails.
  const isOpen = payment?.state === "queued" || payment?.state === "settling";
  return (
    <div role="status" className="flex flex-col gap-4">
      <div className="flex items-start gap-3">
        <span className="inline-flex size-9 shrink-0 items-center justify-center rounded-full bg-settled-soft text-settled">
          <CircleCheck aria-hidden className="size-5" strokeWidth={1.5} />
        </span>
        <div className="min-w-0">
          <p className="font-medium break-words">{m.home_buy_done({ title: ware.title })}</p>
          <p className="text-text-2">
            {purchase.owned ? m.home_buy_owned() : <Money value={ware.formatted} />} ·{" "}
            {m.home_buy_received({ bytes: formatBytes(purchase.bytes) })}
          </p>
        </div>
      </div>
      {payment !== undefined && (
        <div className="flex flex-col gap-2 rounded-control border p-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="flex items-center gap-2">
              {m.home_buy_state()}
              <StateBadge state={payment.state} expiresAt={payment.validBefore * 1000} />
            </span>
            <Link
              to="/payments/$payment"
              params={{ payment: payment.id }}
              onClick={onLeave}
              className={buttonLook({ size: "sm" })}
            >
              {m.home_buy_show()}
            </Link>
          </div>
          {isToFail && payment.state === "failed" ? (
            <p className="text-caption text-text-2">
              {m.home_buy_away_failed()}{" "}
              <Link to="/attention" onClick={onLeave} className={linkLook}>
                {m.attention_title()}
              </Link>
            </p>
          ) : notMoved !== null ? (
            <p role="alert" className="text-caption text-failed">
              {m.home_buy_away_not({ reason: notMoved })}
            </p>
          ) : isToFail && isOpen ? (
            <p className="text-caption text-text-2">{m.home_buy_away_done()}</p>
          ) : (
            payment.state === "queued" && <p className="text-caption text-text-2">{m.home_buy_queued()}</p>
          )}
        </div>
      )}
    </div>
  );
}
