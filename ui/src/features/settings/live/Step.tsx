import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import type { ChecklistItem } from "../../../api/generated/ChecklistItem";
import { usePlatform } from "../../../api/platform-context";
import { statusQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Address } from "../../../ui/Address";
import { Badge } from "../../../ui/Badge";
import { cn } from "../../../ui/cn";
import { QrCode } from "../../../ui/QrCode";
import { StepAction } from "./StepAction";

interface Props {
  item: ChecklistItem;
  /** Whether it is the first that is left to do. */
  isNext: boolean;
  isPractice: boolean;
  /** Whether money is real here, so that what is needed stands in the way of selling. */
  isLive: boolean;
}

/** One thing to do: how it stands, why, and the way on. */
export function Step({ item, isNext, isPractice, isLive }: Props) {
  const { done, mandatory, sentence, next } = item;
  return (
    <li
      aria-current={isNext ? "step" : undefined}
      className={cn("flex gap-3.5 p-4", isNext && "bg-accent-soft/40")}
    >
      <span
        aria-hidden
        className={cn(
          "mt-0.5 inline-flex size-6 shrink-0 items-center justify-center rounded-full border",
          done ? "border-transparent bg-settled-soft text-settled" : "text-text-3",
          isNext && "border-accent",
        )}
      >
        {done && <Check className="size-3.5" strokeWidth={2.5} />}
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-form font-semibold">
          <Title item={item} />
          <span className="sr-only">{done ? m.live_done() : m.live_open_step()}</span>
          {!done && mandatory && (
            <Badge tone={isLive ? "warning" : "neutral"}>
              {isLive ? m.live_needed() : m.live_needed_real()}
            </Badge>
          )}
        </h2>
        <p className="mt-0.5 break-words text-text-2">{sentence}</p>
        {next !== null && (
          <div className="mt-2 flex flex-col items-start gap-3">
            <p className="break-words">{next}</p>
            {item.item === "gas" && item.address !== null && (
              <Fund address={item.address} isPractice={isPractice} />
            )}
            <StepAction item={item} isNext={isNext} />
          </div>
        )}
      </div>
    </li>
  );
}

function Title({ item: { item, network } }: { item: ChecklistItem }) {
  const { data } = useQuery(statusQuery(usePlatform()));
  const many = (data?.networks.length ?? 0) > 1;
  const title = data?.networks.find((other) => other.network === network)?.title;
  return many && title !== undefined ? `${stepTitle(item)} · ${title}` : stepTitle(item);
}

function stepTitle(step: ChecklistItem["item"]): string {
  switch (step) {
    case "node":
      return m.live_step_node();
    case "payout":
      return m.live_step_payout();
    case "gas":
      return m.live_step_gas();
    case "reach":
      return m.live_step_reach();
    case "first_sale":
      return m.live_step_first_sale();
  }
}

/** Where gas is sent to. Nobody should send real money into practice, so it shows no code. */
function Fund({ address, isPractice }: { address: string; isPractice: boolean }) {
  return (
    <div className="flex flex-wrap items-center gap-4">
      {!isPractice && <QrCode value={address} label={m.wallet_qr()} size={96} />}
      <Address full value={address} what={m.wallet_address_what()} className="flex-1 basis-64" />
    </div>
  );
}
