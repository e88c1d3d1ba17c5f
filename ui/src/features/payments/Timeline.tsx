import { Link } from "@tanstack/react-router";
import {
  Archive,
  Ban,
  Blocks,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CornerUpRight,
  FileCheck,
  FileX,
  Layers,
  Lock,
  type LucideIcon,
  OctagonX,
  Send,
  ShieldCheck,
  TimerOff,
  Undo2,
} from "lucide-react";
import type { ReactNode } from "react";
import type { PaymentDetailView } from "../../api/generated/PaymentDetailView";
import type { TimelineStep } from "../../api/generated/TimelineStep";
import type { TimelineStepName } from "../../api/generated/TimelineStepName";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { formatCount } from "../../lib/money";
import { duration } from "../../lib/time";
import { Address } from "../../ui/Address";
import { Countdown } from "../../ui/Countdown";
import { cn } from "../../ui/cn";
import { TimeAgo } from "../../ui/TimeAgo";

interface Look {
  icon: LucideIcon;
  tone: string;
  words: (step: TimelineStep) => string;
}

const GOOD = "text-settled";
const PLAIN = "text-text-2";
const BAD = "text-failed";

const LOOKS: Record<TimelineStepName, Look> = {
  accepted: { icon: ShieldCheck, tone: GOOD, words: m.payments_step_accepted },
  delivered: { icon: FileCheck, tone: GOOD, words: m.payments_step_delivered },
  interrupted: { icon: FileX, tone: BAD, words: m.payments_step_interrupted },
  handed_over: {
    icon: Layers,
    tone: PLAIN,
    words: ({ batch }) =>
      batch === null
        ? m.payments_step_handed_over_some()
        : m.payments_step_handed_over({ batch: `#${batch}` }),
  },
  sent: { icon: Send, tone: PLAIN, words: m.payments_step_sent },
  mined: {
    icon: Blocks,
    tone: PLAIN,
    words: ({ block }) =>
      block === null ? m.payments_step_mined_some() : m.payments_step_mined({ block: formatCount(block) }),
  },
  returned: {
    icon: Undo2,
    tone: PLAIN,
    words: ({ batch }) =>
      batch === null ? m.payments_step_returned_some() : m.payments_step_returned({ batch: `#${batch}` }),
  },
  settled: { icon: CircleCheck, tone: GOOD, words: m.payments_step_settled },
  settled_elsewhere: { icon: CircleCheck, tone: GOOD, words: m.payments_step_settled_elsewhere },
  final: { icon: Lock, tone: GOOD, words: m.payments_step_final },
  failed: { icon: OctagonX, tone: BAD, words: m.payments_step_failed },
  expired: { icon: TimerOff, tone: BAD, words: m.payments_step_expired },
  cancelled: { icon: Ban, tone: BAD, words: m.payments_step_cancelled },
  diverted: { icon: CornerUpRight, tone: BAD, words: m.payments_step_diverted },
  written_off: { icon: Archive, tone: PLAIN, words: m.payments_step_written_off },
  voided: { icon: CircleSlash, tone: PLAIN, words: m.payments_step_voided },
};

/** What happened to a payment, oldest first, with the time between, and what it waits for. */
export function Timeline({ payment }: { payment: PaymentDetailView }) {
  const waits = waitsFor(payment);
  const isPaid = payment.state === "settled" || payment.state === "settled_elsewhere";
  const lastReturn = payment.timeline.findLastIndex(({ step }) => step === "returned" || step === "failed");
  return (
    <ol className="flex flex-col">
      {payment.timeline.map((step, place) => (
        <Step
          key={[step.step, step.batch, step.transaction, step.at].join(" ")}
          payment={payment}
          step={step}
          broughtMoney={isPaid && place > lastReturn}
          since={timeBefore(payment.timeline, place)}
          isLast={waits === null && place === payment.timeline.length - 1}
        />
      ))}
      {waits !== null && (
        <Item icon={CircleDashed} tone={PLAIN} isLast title={<span className="text-text-2">{waits}</span>}>
          {payment.state === "queued" && <Countdown end={payment.validBefore * 1000} always />}
        </Item>
      )}
    </ol>
  );
}

interface StepProps {
  payment: PaymentDetailView;
  step: TimelineStep;
  /** It is on the way that led to the money. */
  broughtMoney: boolean;
  since: number | null;
  isLast: boolean;
}

function Step({ payment, step, broughtMoney, since, isLast }: StepProps) {
  const { transactionPage } = useNetworks();
  const { icon, tone, words } = LOOKS[step.step];
  const text = words(step);
  const took = step.at === null || since === null ? 0 : step.at - since;
  return (
    <Item
      icon={icon}
      tone={tone === PLAIN && broughtMoney ? GOOD : tone}
      isLast={isLast}
      title={
        step.step === "handed_over" && step.batch !== null ? (
          <Link
            to="/settlements/$batch"
            params={{ batch: String(step.batch) }}
            className="text-accent-text underline underline-offset-2"
          >
            {text}
          </Link>
        ) : (
          text
        )
      }
    >
      {step.at !== null && (
        <span className="flex flex-wrap gap-x-2 tabular-nums">
          <TimeAgo at={step.at} absolute />
          {took >= 1000 && <span>{m.payments_step_after({ time: duration(took) })}</span>}
        </span>
      )}
      {(step.step === "delivered" || step.step === "interrupted") && (
        <span>{formatBytes(payment.bytesSent)}</span>
      )}
      {step.sentence !== null && <span className="text-text">{step.sentence}</span>}
      {step.step === "sent" && step.transaction !== null && (
        <Address
          value={step.transaction}
          what={m.payments_transaction()}
          explorer={transactionPage(payment.network, step.transaction)}
        />
      )}
    </Item>
  );
}

interface ItemProps {
  icon: LucideIcon;
  tone: string;
  isLast: boolean;
  title: ReactNode;
  children: ReactNode;
}

function Item({ icon: Icon, tone, isLast, title, children }: ItemProps) {
  return (
    <li className="flex gap-3">
      <span aria-hidden className="flex flex-col items-center">
        <Icon className={cn("mt-0.5 size-4 shrink-0", tone)} strokeWidth={1.5} />
        {!isLast && <span className="my-1 w-px flex-1 bg-border" />}
      </span>
      <div className={cn("min-w-0 flex-1", !isLast && "pb-3")}>
        <div className="break-words">{title}</div>
        <div className="flex flex-col items-start text-caption text-text-2">{children}</div>
      </div>
    </li>
  );
}

/** What comes next; null when nothing does. */
function waitsFor({ state, finalAt, timeline }: PaymentDetailView): string | null {
  switch (state) {
    case "queued":
      return timeline.some(({ step }) => step === "handed_over")
        ? m.payments_wait_queued_again()
        : m.payments_wait_queued();
    case "settling":
      return m.payments_wait_settling();
    case "settled":
    case "settled_elsewhere":
      return finalAt === null ? m.payments_wait_settled() : null;
    default:
      return null;
  }
}

/** When the nearest earlier step was of which that was noted. */
function timeBefore(steps: readonly TimelineStep[], place: number): number | null {
  return steps.slice(0, place).findLast(({ at }) => at !== null)?.at ?? null;
}
