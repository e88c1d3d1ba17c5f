import { type FormEvent, useId, useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Notice } from "./Notice";
import { SaidFields, type Saying, sayingProblems, TitleField } from "./Said";
import { useEndpointSaying } from "./useEndpointSaying";

interface Props {
  endpoint: EndpointView;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Another name or description for the same link. */
export function EditSaid({ endpoint, open, onOpenChange }: Props) {
  const formId = useId();
  const { save, isSaving, error } = useEndpointSaying(endpoint);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.endpoints_edit_title()}
      description={m.endpoints_edit_text()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{m.endpoints_cancel()}</Button>
          <Button type="submit" form={formId} variant="primary" loading={isSaving}>
            {m.endpoints_save()}
          </Button>
        </>
      }
    >
      {error !== null && <Notice tone="failed">{error.message}</Notice>}
      <Form
        id={formId}
        endpoint={endpoint}
        onSave={async (said) => {
          const { title, description, listed } = endpoint;
          if (!isSaving && (await save(said, { title, description, listed }))) {
            onOpenChange(false);
          }
        }}
      />
    </Dialog>
  );
}

interface FormProps {
  id: string;
  endpoint: EndpointView;
  onSave(said: Saying): Promise<void>;
}

/** Stands only while the dialog is open, so that it begins with what is said then. */
function Form({ id, endpoint: { title, description, listed }, onSave }: FormProps) {
  const [said, setSaid] = useState<Saying>({ title, description, listed });
  const wrong = sayingProblems(said);
  const fields = { said, onChange: (part: Partial<Saying>) => setSaid({ ...said, ...part }), wrong };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong.title === null && wrong.description === null) {
      void onSave({ ...said, title: said.title.trim(), description: said.description.trim() });
    }
  };
  return (
    <form id={id} onSubmit={submit} className="flex flex-col gap-4">
      <TitleField {...fields} />
      <SaidFields {...fields} />
    </form>
  );
}
