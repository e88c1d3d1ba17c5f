import { CircleHelp } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { FailureView } from "../../api/generated/FailureView";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { FailureRow } from "./FailureRow";
import { Group } from "./Group";

/** How many rows are shown before somebody wants more. */
const FIRST = 5;

interface Props {
  failures: readonly FailureView[];
  actions(failure: FailureView): ReactNode;
}

/** Payments of which nobody knows yet: long on their way, or sent back to wait. */
export function Uncertain({ failures, actions }: Props) {
  const [isLong, setLong] = useState(false);
  const shown = isLong ? failures : failures.slice(0, FIRST);
  const left = failures.length - shown.length;
  return (
    <Group
      icon={CircleHelp}
      tone="warning"
      title={m.attention_uncertain()}
      advice={m.attention_uncertain_do()}
      aside={
        <span className="text-caption text-text-2">
          {m.attention_payments({ count: failures.length, number: formatCount(failures.length) })}
        </span>
      }
    >
      <ul className="-my-1 divide-y">
        {shown.map((failure) => (
          <FailureRow key={failure.id} failure={failure} actions={actions(failure)} withReason />
        ))}
      </ul>
      {left > 0 && (
        <Button size="sm" variant="ghost" className="mt-3" onClick={() => setLong(true)}>
          {m.attention_rows_more({ number: formatCount(left) })}
        </Button>
      )}
    </Group>
  );
}
