import { CircleCheck, CircleHelp, type LucideIcon, OctagonX, Stethoscope, TriangleAlert } from "lucide-react";
import { useDoctor } from "../../api/books";
import type { DoctorState } from "../../api/generated/DoctorState";
import type { DoctorView } from "../../api/generated/DoctorView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { cn } from "../../ui/cn";
import { Refusal } from "../../ui/Refusal";
import { Row } from "./Section";

const LOOKS: Record<DoctorState, { icon: LucideIcon; tone: string; word: () => string }> = {
  wrong: { icon: OctagonX, tone: "text-failed", word: m.settings_doctor_wrong },
  warning: { icon: TriangleAlert, tone: "text-warning", word: m.settings_doctor_warning },
  unknown: { icon: CircleHelp, tone: "text-text-2", word: m.settings_doctor_unknown },
  well: { icon: CircleCheck, tone: "text-settled", word: m.settings_doctor_well },
};

/** Looks at what could go wrong, when somebody wants to know. */
export function Doctor() {
  const { data, error, mutate, isPending } = useDoctor();
  return (
    <Row
      title={m.settings_doctor()}
      text={m.settings_doctor_text()}
      control={
        <Button icon={Stethoscope} loading={isPending} onClick={() => mutate(null)}>
          {data === undefined ? m.settings_doctor_start() : m.settings_doctor_again()}
        </Button>
      }
    >
      {error !== null && <Refusal title={m.settings_doctor_failed()} error={error} />}
      {data !== undefined && error === null && <Found found={data} />}
    </Row>
  );
}

function Found({ found: { healthy, items } }: { found: DoctorView }) {
  return (
    <div role="status" className="mt-3 border-t pt-3">
      <p className="font-medium">{healthy ? m.settings_doctor_healthy() : m.settings_doctor_ill()}</p>
      <ul className="mt-2 flex flex-col gap-1.5">
        {items.map(({ check, state, sentence }) => {
          const { icon: Icon, tone, word } = LOOKS[state];
          return (
            <li key={`${check} ${sentence}`} className="flex gap-2">
              <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tone)} strokeWidth={1.5} />
              <span className="min-w-0 break-words">
                <span className="sr-only">{word()}: </span>
                {sentence}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
