import { CircleCheck, OctagonX, TriangleAlert } from "lucide-react";
import type { CheckState } from "../../../api/generated/CheckState";
import { m } from "../../../i18n/messages";
import { cn } from "../../../ui/cn";

const LOOKS = {
  ok: { icon: CircleCheck, look: "text-settled", word: m.networks_point_ok },
  warning: { icon: TriangleAlert, look: "text-warning", word: m.networks_point_warning },
  failed: { icon: OctagonX, look: "text-failed", word: m.networks_point_failed },
};

interface Props {
  state: CheckState;
  sentence: string;
}

/** One thing that was looked at: how it is, and what was found. */
export function Point({ state, sentence }: Props) {
  const { icon: Icon, look, word } = LOOKS[state];
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", look)} strokeWidth={1.5} />
      <span className={cn("min-w-0 [overflow-wrap:anywhere]", state === "failed" && "text-failed")}>
        <span className="sr-only">{word()} </span>
        {sentence}
      </span>
    </li>
  );
}
