import { Check, Circle, LoaderCircle, Minus } from "lucide-react";
import type { BatchDetailView } from "../../api/generated/BatchDetailView";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { cn } from "../../ui/cn";
import { TimeAgo } from "../../ui/TimeAgo";
import { isOpen, mainAttempt } from "./batch";

type Stage = "done" | "now" | "later" | "never";

interface Step {
  name: string;
  isDone: boolean;
  /** Unix milliseconds, where it is known. */
  at: number | null;
}

const LOOKS = {
  done: { icon: Check, look: "border-settled bg-settled-soft text-settled", word: m.settlements_step_done },
  now: {
    icon: LoaderCircle,
    look: "border-pending bg-pending-soft text-pending",
    word: m.settlements_step_now,
  },
  later: { icon: Circle, look: "border-border text-text-3", word: m.settlements_step_later },
  never: { icon: Minus, look: "border-border bg-neutral-soft text-neutral", word: m.settlements_step_never },
} as const;

/** How far a batch is. */
export function BatchSteps({ batch }: { batch: BatchDetailView }) {
  const steps = stepsOf(batch);
  const current = steps.findIndex(({ isDone }) => !isDone);
  const goesOn = isOpen(batch) || (!batch.final && batch.attempts.some(({ block }) => block !== null));
  return (
    <section aria-label={m.settlements_batch_progress()} className="rounded-card border bg-surface px-4 py-3">
      <ol className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-3">
        {steps.map((step, place) => (
          <StepLine
            key={step.name}
            step={step}
            stage={step.isDone ? "done" : !goesOn ? "never" : place === current ? "now" : "later"}
          />
        ))}
      </ol>
    </section>
  );
}

function StepLine({ step, stage }: { step: Step; stage: Stage }) {
  const { icon: Icon, look, word } = LOOKS[stage];
  return (
    <li aria-current={stage === "now" ? "step" : undefined} className="flex min-w-0 items-start gap-2">
      <span
        className={cn(
          "mt-px inline-flex size-5 shrink-0 items-center justify-center rounded-full border",
          look,
        )}
      >
        <Icon
          aria-hidden
          className={cn(stage === "later" ? "size-1.5" : "size-3", stage === "now" && "animate-spin")}
          strokeWidth={2}
        />
      </span>
      <span className="min-w-0">
        <span className={cn("block", stage === "later" || stage === "never" ? "text-text-2" : "font-medium")}>
          {step.name}
        </span>
        <span className="block text-caption text-text-2">
          {stage === "done" && step.at !== null ? (
            <>
              <span className="sr-only">{word()}, </span>
              <TimeAgo at={step.at} />
            </>
          ) : (
            word()
          )}
        </span>
      </span>
    </li>
  );
}

function stepsOf(batch: BatchDetailView): Step[] {
  const attempt = mainAttempt(batch);
  const block = attempt?.block ?? null;
  return [
    { name: m.settlements_step_chosen(), isDone: true, at: batch.createdAt },
    { name: m.settlements_step_signed(), isDone: attempt !== undefined, at: attempt?.savedAt ?? null },
    {
      name: m.settlements_step_sent(),
      // A transaction that is in a block was sent, whoever did it.
      isDone: attempt !== undefined && (attempt.sentAt !== null || block !== null),
      at: attempt?.sentAt ?? null,
    },
    {
      name:
        block === null
          ? m.settlements_step_block()
          : m.settlements_step_block_at({ block: formatCount(block) }),
      isDone: block !== null,
      at: block === null ? null : batch.closedAt,
    },
    { name: m.settlements_step_final(), isDone: batch.final, at: null },
  ];
}
