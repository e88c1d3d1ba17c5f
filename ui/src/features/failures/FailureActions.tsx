import type { FailureAction } from "../../api/generated/FailureAction";
import type { FailureView } from "../../api/generated/FailureView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { useHandOn } from "../../ui/useHandOn";
import { LOOKS, wordFor } from "./actions";
import { useAsk } from "./asking";

interface Props {
  failure: FailureView;
  size?: "md" | "sm";
}

/** What the app offers to do about a payment: the most helpful thing as a button, the rest behind another. */
export function FailureActions({ failure, size = "md" }: Props) {
  return <Offered key={failure.actions.join(" ")} failure={failure} size={size} />;
}

function Offered({ failure, size }: Required<Props>) {
  const ask = useAsk();
  const place = useHandOn();
  const [first, ...others] = failure.actions;
  if (first === undefined) {
    return null;
  }
  const start = (action: FailureAction) => ask({ action, failures: [failure] });
  return (
    <span ref={place} className="inline-flex shrink-0 items-center gap-1">
      <Act action={first} failure={failure} size={size} onPress={start} />
      {others.length > 0 && (
        <Menu
          label={m.failures_more({ title: failure.endpointTitle })}
          items={others.map((action) => {
            const { icon, danger = false } = LOOKS[action];
            const label = wordFor(action, failure);
            return { name: action, label, icon, danger, onSelect: () => start(action) };
          })}
        />
      )}
    </span>
  );
}

interface ActProps {
  action: FailureAction;
  failure: FailureView;
  size: "md" | "sm";
  onPress(action: FailureAction): void;
}

function Act({ action, failure, size, onPress }: ActProps) {
  const { icon, danger = false } = LOOKS[action];
  return (
    <Button size={size} icon={icon} variant={danger ? "danger" : "secondary"} onClick={() => onPress(action)}>
      {wordFor(action, failure)}
    </Button>
  );
}
