import { type FormEvent, useState } from "react";
import type { PaymentDetailView } from "../../api/generated/PaymentDetailView";
import { usePaymentNote } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Refusal } from "../../ui/Refusal";
import { TextArea } from "../../ui/TextArea";
import { notify } from "../../ui/toast";
import { Section } from "./Facts";

/** What the seller wrote beside a payment, for nobody else. */
export function Note({ payment: { id, note } }: { payment: PaymentDetailView }) {
  const { mutateAsync, isPending, error } = usePaymentNote();
  const [typed, setTyped] = useState(note ?? "");
  const [known, setKnown] = useState(note);
  if (known !== note) {
    setKnown(note);
    setTyped(note ?? "");
  }
  const isChanged = typed.trim() !== (note ?? "");
  const write = (text: string, before: string | null) =>
    void mutateAsync({ payment: id, note: text }).then(
      () =>
        notify({
          title: text === "" ? m.payments_note_removed() : m.payments_note_saved(),
          ...(before !== null && { action: { label: m.ui_undo(), run: () => write(before, null) } }),
        }),
      // What went wrong stands beside the note.
      () => undefined,
    );
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (isChanged && !isPending) {
      write(typed.trim(), note ?? "");
    }
  };
  return (
    <Section title={m.payments_section_note()}>
      <form onSubmit={save} className="flex flex-col items-start gap-2">
        <Field label={m.payments_section_note()} labelHidden description={m.payments_note_text()}>
          <TextArea value={typed} onValueChange={setTyped} rows={2} />
        </Field>
        {isChanged && (
          <Button type="submit" size="sm" loading={isPending}>
            {m.payments_note_save()}
          </Button>
        )}
        {error !== null && <Refusal title={m.payments_note_failed()} error={error} />}
      </form>
    </Section>
  );
}
