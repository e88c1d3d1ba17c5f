import { type FormEvent, useId, useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { messageOf } from "../../lib/message";
import { formatDecimal, parseAmount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Money } from "../../ui/Money";
import { PriceInput } from "../../ui/PriceInput";
import { notify } from "../../ui/toast";
import { useToken } from "./useToken";
import { named } from "./words";

interface Props {
  endpoint: EndpointView;
  open: boolean;
  onOpenChange(open: boolean): void;
  /** Rejects with an error whose message is a sentence. */
  onChange(price: string): Promise<void>;
}

/** Another price for the same link. */
export function ChangePrice({ endpoint, open, onOpenChange, onChange }: Props) {
  const formId = useId();
  const [saving, setSaving] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.endpoints_change_price()}
      description={m.endpoints_change_text({ title: named(endpoint.title) })}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{m.endpoints_cancel()}</Button>
          <Button type="submit" form={formId} variant="primary" loading={saving}>
            {m.endpoints_save()}
          </Button>
        </>
      }
    >
      <PriceOnly
        id={formId}
        endpoint={endpoint}
        onSave={async (price) => {
          setSaving(true);
          try {
            await onChange(price);
            onOpenChange(false);
          } finally {
            setSaving(false);
          }
        }}
      />
    </Dialog>
  );
}

interface FormProps {
  id: string;
  endpoint: EndpointView;
  onSave(price: string): Promise<void>;
}

/** Stands only while the dialog is open, so that it begins with the price as it is then. */
function PriceOnly({ id, endpoint: { title, formatted, decimals }, onSave }: FormProps) {
  const { token } = useToken();
  const [text, setText] = useState(() => formatDecimal(formatted).replaceAll(/[\s\u00a0\u202f]/g, ""));
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<string>();
  const { value } = parseAmount(text, decimals);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (value === null) {
      return;
    }
    try {
      await onSave(value);
    } catch (reason) {
      const message = messageOf(reason);
      setError(message);
      if (!form.isConnected) {
        notify({
          title: m.endpoints_reprice_failed({ title: named(title) }),
          description: message,
          tone: "failed",
        });
      }
    }
  };
  return (
    <form id={id} onSubmit={(event) => void submit(event)}>
      <PriceInput
        label={m.endpoints_field_price()}
        text={text}
        onTextChange={(next) => {
          setText(next);
          setError(undefined);
        }}
        decimals={decimals}
        token={token}
        error={error}
        checked={tried}
        note={
          value !== null && (
            <>
              {m.endpoints_buyer_pays()} <Money value={value} className="font-medium text-text" />
            </>
          )
        }
      />
    </form>
  );
}
