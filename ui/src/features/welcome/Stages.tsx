import { CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import type { PaymentDetailView } from "../../api/generated/PaymentDetailView";
import type { TimelineStepName } from "../../api/generated/TimelineStepName";
import { m } from "../../i18n/messages";
import { cn } from "../../ui/cn";

interface Stage {
  title: () => string;
  text: () => string;
  /** What of a payment's history shows that it is reached. */
  by: readonly TimelineStepName[];
}

const SETTLED = ["settled", "settled_elsewhere"] as const;

/** The way of a payment, from the signature to the money. */
const STAGES: readonly Stage[] = [
  { title: m.welcome_stage_accepted, text: m.welcome_stage_accepted_text, by: ["accepted"] },
  { title: m.welcome_stage_delivered, text: m.welcome_stage_delivered_text, by: ["delivered"] },
  {
    title: m.welcome_stage_batch,
    text: m.welcome_stage_batch_text,
    by: ["handed_over", "sent", "mined", ...SETTLED],
  },
  { title: m.welcome_stage_sent, text: m.welcome_stage_sent_text, by: ["sent", "mined", ...SETTLED] },
  { title: m.welcome_stage_block, text: m.welcome_stage_block_text, by: ["mined", ...SETTLED] },
  { title: m.welcome_stage_settled, text: m.welcome_stage_settled_text, by: SETTLED },
];

interface Props {
  payment: PaymentDetailView | undefined;
  /** Whether a purchase is under way or over. */
  isRunning: boolean;
}

/** The six stages of a sale; each turns green when it is reached. */
export function Stages({ payment, isRunning }: Props) {
  const steps = new Set(payment?.timeline.map(({ step }) => step));
  const reached = STAGES.map(({ by }) => by.some((step) => steps.has(step)));
  const next = isRunning ? reached.indexOf(false) : -1;
  return (
    <ol aria-label={m.welcome_stages()} className="flex flex-col gap-2.5">
      {STAGES.map(({ title, text }, place) => {
        const isDone = reached[place] === true;
        const Icon = isDone ? CircleCheck : place === next ? LoaderCircle : CircleDashed;
        return (
          <li key={title()} className="flex items-start gap-2.5">
            <Icon
              aria-hidden
              className={cn(
                "mt-0.5 size-4 shrink-0",
                isDone ? "text-settled" : "text-text-2",
                place === next && "animate-spin",
              )}
              strokeWidth={1.5}
            />
            <span className="min-w-0">
              <span className={cn("block", isDone && "font-medium text-settled")}>
                {title()}
                {isDone && <span className="sr-only"> – {m.welcome_done()}</span>}
              </span>
              <span className="block text-caption text-text-2">{text()}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
