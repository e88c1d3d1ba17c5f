import { type FormEvent, useState } from "react";
import { useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { TextArea } from "../../../ui/TextArea";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";
import { ColourPicker } from "./ColourPicker";
import { isColour, SHOWN, type Shown } from "./shown";

/** What buyers read of the seller on the stall's pages. What is emptied is left out there. */
export function ShownForm({ saved }: { saved: Shown }) {
  const { mutateAsync, isPending, error, reset } = useSettingSet();
  // Only what was typed here: what is changed elsewhere meanwhile is shown.
  const [edits, setEdits] = useState<Partial<Shown>>({});
  const [tried, setTried] = useState(false);
  const typed: Shown = { ...saved, ...edits };
  const changed = SHOWN.filter(({ key }) => typed[key].trim() !== saved[key]);
  const colour = typed["stall-colour"].trim();
  const wrongColour = colour !== "" && !isColour(colour);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (wrongColour || isPending) {
      goToProblem(form);
      return;
    }
    try {
      for (const { key } of changed) {
        await mutateAsync({ key, value: typed[key].trim() });
      }
      setEdits({});
      notify({ title: m.stall_saved(), tone: "settled" });
    } catch {
      // Said below.
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {SHOWN.map(({ key, label, hint }) => {
        const control = {
          value: typed[key],
          onValueChange: (next: string) => {
            setEdits((known) => ({ ...known, [key]: next }));
            reset();
          },
        };
        const isColourField = key === "stall-colour";
        return (
          <Field
            key={key}
            label={label()}
            description={hint()}
            error={isColourField && tried && wrongColour ? m.stall_colour_wrong() : undefined}
          >
            {key === "stall-about" ? (
              <TextArea {...control} />
            ) : (
              <Input
                {...control}
                {...(isColourField && {
                  placeholder: "#0f766e",
                  className: "max-w-48 font-mono",
                  after: <ColourPicker colour={colour} onChoose={control.onValueChange} />,
                })}
              />
            )}
          </Field>
        );
      })}
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      <div>
        <Button type="submit" size="sm" loading={isPending} disabled={changed.length === 0}>
          {m.settings_save()}
        </Button>
      </div>
    </form>
  );
}
