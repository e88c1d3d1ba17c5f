import { type FormEvent, useId, useRef, useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { ServiceView } from "../../api/generated/ServiceView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Notice } from "./Notice";
import { ServiceFields } from "./ServiceFields";
import { draftOf, isServiceWrong, type ServiceDraft, serviceProblems, serviceSet } from "./service";
import { useEndpointSaying } from "./useEndpointSaying";

interface Props {
  endpoint: EndpointView;
  service: ServiceView;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Another program for the same link, or other things that pass. */
export function EditService({ endpoint, service, open, onOpenChange }: Props) {
  const formId = useId();
  const { save, isSaving, error } = useEndpointSaying(endpoint);
  const change = async (draft: ServiceDraft) => {
    if (await save({ service: serviceSet(draft) }, { service: serviceSet(draftOf(service)) })) {
      onOpenChange(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title={m.endpoints_service_edit()}
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
      <ServiceForm id={formId} service={service} onSave={(draft) => void change(draft)} />
    </Dialog>
  );
}

/** Stands only while the dialog is open, so that it begins with the service as it is then. */
function ServiceForm({
  id,
  service,
  onSave,
}: {
  id: string;
  service: ServiceView;
  onSave(draft: ServiceDraft): void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(() => draftOf(service));
  const wrong = serviceProblems(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isServiceWrong(wrong)) {
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    } else {
      onSave(draft);
    }
  };
  return (
    <form ref={form} id={id} onSubmit={submit} noValidate className="flex flex-col gap-4">
      <ServiceFields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} wrong={wrong} />
    </form>
  );
}
