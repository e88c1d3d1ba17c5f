import { m } from "../../i18n/messages";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Switch } from "../../ui/Switch";
import { TextArea } from "../../ui/TextArea";

const LONGEST_TITLE = 200;
const LONGEST_DESCRIPTION = 2_000;

/** What is said of an endpoint. */
export interface Saying {
  title: string;
  description: string;
  listed: boolean;
}

interface Props {
  said: Saying;
  onChange(part: Partial<Saying>): void;
  wrong: SayingProblems;
}

export interface SayingProblems {
  title: string | null;
  description: string | null;
}

/** Its name. */
export function TitleField({ said, onChange, wrong }: Props) {
  return (
    <Field label={m.endpoints_field_title()} error={wrong.title}>
      <Input value={said.title} dir="auto" onValueChange={(title) => onChange({ title })} />
    </Field>
  );
}

/** What it is, and whether the stall's pages show it. */
export function SaidFields({ said, onChange, wrong }: Props) {
  return (
    <>
      <Field
        label={m.endpoints_field_description()}
        description={m.endpoints_description_note()}
        error={wrong.description}
      >
        <TextArea value={said.description} onValueChange={(description) => onChange({ description })} />
      </Field>
      <div>
        <Switch
          label={m.endpoints_listed()}
          checked={said.listed}
          onCheckedChange={(listed) => onChange({ listed })}
        />
        <p className="text-caption text-text-2">{m.endpoints_listed_note()}</p>
      </div>
    </>
  );
}

/** What stands in the way of saying this. */
export function sayingProblems({ title, description }: Saying): SayingProblems {
  const name = title.trim();
  return {
    title:
      name === ""
        ? m.endpoints_title_empty()
        : [...name].length > LONGEST_TITLE
          ? m.endpoints_title_long({ most: LONGEST_TITLE })
          : null,
    description:
      [...description.trim()].length > LONGEST_DESCRIPTION
        ? m.endpoints_description_long({ most: LONGEST_DESCRIPTION })
        : null,
  };
}
