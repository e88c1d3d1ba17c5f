import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { TextArea } from "../../ui/TextArea";
import { formatWord, TEXT_FORMATS, type TextFormat } from "./text";

interface Props {
  body: string;
  onBodyChange(body: string): void;
  format: TextFormat;
  onFormatChange(format: TextFormat): void;
  wrong: string | null;
}

/** A text that is sold: all of it, and what it is. */
export function TextFields({ body, onBodyChange, format, onFormatChange, wrong }: Props) {
  const bytes = new TextEncoder().encode(body).length;
  return (
    <>
      <Field
        label={m.endpoints_field_text()}
        description={bytes === 0 ? m.endpoints_text_note() : formatBytes(bytes)}
        error={wrong}
      >
        <TextArea value={body} onValueChange={onBodyChange} rows={8} mono autoFocus />
      </Field>
      <Field label={m.endpoints_field_format()}>
        <Select
          value={format}
          onValueChange={onFormatChange}
          items={TEXT_FORMATS.map((value) => ({ value, label: formatWord(value) }))}
        />
      </Field>
    </>
  );
}
