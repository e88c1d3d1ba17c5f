import type { FunnelSteps } from "../../api/generated/FunnelSteps";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { share } from "../../lib/share";

const STEPS = [
  { step: "shown", word: m.visitors_shown, text: m.visitors_shown_text },
  { step: "signed", word: m.visitors_signed, text: m.visitors_signed_text },
  { step: "delivered", word: m.visitors_delivered, text: m.visitors_delivered_text },
  { step: "settled", word: m.visitors_settled, text: m.visitors_settled_text },
] as const;

/** The four steps from a price that was shown to money that arrived, each with its part of the first. */
export function Steps({ steps }: { steps: FunnelSteps }) {
  const longest = Math.max(...STEPS.map(({ step }) => steps[step]), 1);
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border bg-border wide:grid-cols-4">
      {STEPS.map(({ step, word, text }) => {
        const part = step === "shown" ? null : share(steps[step], steps.shown);
        return (
          <div key={step} className="flex flex-col gap-1 bg-surface p-4">
            <dt className="text-caption text-text-2">{word()}</dt>
            <dd className="flex flex-wrap items-baseline gap-x-2">
              <span className="text-title tabular-nums">{formatCount(steps[step])}</span>
              {part !== null && (
                <span className="text-caption text-text-2">{m.visitors_of_shown({ part })}</span>
              )}
            </dd>
            <dd aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-surface-2">
              <div
                className="h-full rounded-full bg-accent"
                style={{ width: `${(100 * steps[step]) / longest}%` }}
              />
            </dd>
            <dd className="text-caption text-text-2">{text()}</dd>
          </div>
        );
      })}
    </dl>
  );
}
