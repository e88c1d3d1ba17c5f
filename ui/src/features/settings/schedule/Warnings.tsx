import { TriangleAlert } from "lucide-react";
import type { ScheduleWarningView } from "../../../api/generated/ScheduleWarningView";

/** What the seller should know about a schedule. */
export function Warnings({ warnings }: { warnings: readonly ScheduleWarningView[] }) {
  return warnings.map(({ code, sentence }) => (
    <p key={code} className="mt-2 flex gap-2 rounded-control bg-warning-soft px-2.5 py-1.5 text-warning">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <span className="min-w-0 break-words">{sentence}</span>
    </p>
  ));
}
