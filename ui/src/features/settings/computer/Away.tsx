import { type Computer, useComputerSet } from "../../../api/computer";
import { m } from "../../../i18n/messages";
import { Choice } from "../../../ui/Choice";
import { Refusal } from "../../../ui/Refusal";
import { Row, Section } from "../Section";

/** What happens while nobody sits here. */
export function Away({ computer: { keepAwake, awake } }: { computer: Computer }) {
  const { mutate, error } = useComputerSet();
  return (
    <Section title={m.computer_away()} text={m.computer_away_text()}>
      <Row
        title={m.computer_awake()}
        text={m.computer_awake_text()}
        control={
          <Choice
            label={m.computer_awake()}
            items={[
              { value: "never", label: m.computer_awake_never() },
              { value: "delivering", label: m.computer_awake_delivering() },
              { value: "selling", label: m.computer_awake_selling() },
            ]}
            value={keepAwake}
            onValueChange={(value) => mutate({ keepAwake: value })}
          />
        }
      >
        <div role="status">
          {awake.held && <p className="text-caption text-text-2">{m.computer_awake_held()}</p>}
          {awake.problem !== null && (
            <p className="text-caption text-warning">
              {m.computer_awake_problem()} <span className="break-words">{awake.problem}</span>
            </p>
          )}
        </div>
        {error !== null && <Refusal title={m.computer_not_saved()} error={error} />}
      </Row>
    </Section>
  );
}
