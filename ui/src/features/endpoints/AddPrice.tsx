import { type FormEvent, useId, useRef, useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePriceSet } from "../../api/prices";
import { m } from "../../i18n/messages";
import { parseAmount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { PriceInput } from "../../ui/PriceInput";
import { Select } from "../../ui/Select";
import { notify } from "../../ui/toast";
import { Notice } from "./Notice";
import { pricedFor, whichOf } from "./priced-for";
import { useToken } from "./useToken";
import { named } from "./words";

type Whom = "everybody" | "code" | "own" | "free";

interface Props {
  endpoint: EndpointView;
  /** The file of a folder that it is for; chosen in the form when left out. */
  part?: string;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Another price beside the usual one, or the next one. */
export function AddPrice({ endpoint, part, open, onOpenChange }: Props) {
  const formId = useId();
  const set = usePriceSet();
  const change = (isOpen: boolean) => {
    set.reset();
    onOpenChange(isOpen);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={part === undefined ? m.endpoints_price_add_title() : m.endpoints_price_part_title()}
      description={
        part === undefined ? m.endpoints_price_add_text() : m.endpoints_price_part_text({ name: named(part) })
      }
      footer={
        <>
          <Button onClick={() => change(false)}>{m.endpoints_cancel()}</Button>
          <Button type="submit" form={formId} variant="primary" loading={set.isPending}>
            {m.endpoints_price_set()}
          </Button>
        </>
      }
    >
      <PriceForm id={formId} endpoint={endpoint} of={part} set={set} onDone={() => change(false)} />
    </Dialog>
  );
}

interface FormProps {
  id: string;
  endpoint: EndpointView;
  /** The part that it is for, where that is chosen already. */
  of: string | undefined;
  set: ReturnType<typeof usePriceSet>;
  onDone(): void;
}

function PriceForm({ id, endpoint, of, set, onDone }: FormProps) {
  const { token } = useToken();
  const form = useRef<HTMLFormElement>(null);
  const [whom, setWhom] = useState<Whom>("everybody");
  const [part, setPart] = useState(of ?? "");
  const [code, setCode] = useState("");
  const [text, setText] = useState("");
  const [from, setFrom] = useState("");
  const [tried, setTried] = useState(false);
  const { value } = parseAmount(text, endpoint.decimals);
  const isFree = whom === "free";
  const wrongCode = whom === "code" && !/^[A-Za-z0-9_-]{1,32}$/.test(code);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrongCode || (value === null && !isFree)) {
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('input[aria-invalid="true"]')?.focus(),
      );
      return;
    }
    const priced = { part: part.trim(), audience: whom, code: whom === "code" ? code : null };
    set.mutate(
      {
        endpoint: endpoint.id,
        ...whichOf(priced),
        ...(!isFree && value !== null && { price: value }),
        ...(!isFree && from !== "" && { from: new Date(from).toISOString() }),
      },
      {
        onSuccess: () => {
          onDone();
          notify({ title: m.endpoints_price_was_set({ what: pricedFor(priced) }), tone: "settled" });
        },
      },
    );
  };
  const canGive = endpoint.content.kind !== "service";
  return (
    <form ref={form} id={id} onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field label={m.endpoints_priced_for()} description={whomText(whom)}>
        <Select<Whom>
          value={whom}
          onValueChange={setWhom}
          items={[
            { value: "everybody", label: m.endpoints_priced_everybody() },
            { value: "code", label: m.endpoints_priced_with_code() },
            { value: "own", label: m.endpoints_priced_own() },
            ...(canGive ? [{ value: "free" as const, label: m.endpoints_priced_free() }] : []),
          ]}
        />
      </Field>
      {of === undefined && <PartField endpoint={endpoint} part={part} onPartChange={setPart} />}
      {whom === "code" && (
        <Field
          label={m.endpoints_field_code()}
          description={m.endpoints_code_hint()}
          error={tried && wrongCode ? m.endpoints_code_wrong() : undefined}
        >
          <Input value={code} onValueChange={setCode} placeholder="SPRING" />
        </Field>
      )}
      {!isFree && (
        <>
          <PriceInput
            label={whom === "own" ? m.endpoints_field_least() : m.endpoints_field_price()}
            text={text}
            onTextChange={setText}
            decimals={endpoint.decimals}
            token={token}
            checked={tried}
          />
          <Field label={m.endpoints_field_from()} description={m.endpoints_from_hint()}>
            <Input type="datetime-local" value={from} onValueChange={setFrom} className="max-w-64" />
          </Field>
        </>
      )}
      {set.error !== null && (
        <Notice tone="failed">
          <strong className="font-medium">{m.endpoints_price_not_set()}.</strong> {set.error.message}
        </Notice>
      )}
    </form>
  );
}

/** Which part it is for, where an endpoint has parts. */
function PartField({
  endpoint: { content },
  part,
  onPartChange,
}: {
  endpoint: EndpointView;
  part: string;
  onPartChange(part: string): void;
}) {
  if (content.kind === "service" && content.methods.length > 1) {
    return (
      <Field label={m.endpoints_field_method()}>
        <Select
          value={part}
          onValueChange={onPartChange}
          items={[
            { value: "", label: m.endpoints_part_all() },
            ...content.methods.map((method) => ({ value: method, label: method })),
          ]}
        />
      </Field>
    );
  }
  if (content.kind === "folder" && content.soldAs === "files") {
    return (
      <Field label={m.endpoints_field_part()} description={m.endpoints_part_hint()}>
        <Input value={part} onValueChange={onPartChange} placeholder="snare.wav" />
      </Field>
    );
  }
  return null;
}

function whomText(whom: Whom): string {
  switch (whom) {
    case "everybody":
      return m.endpoints_everybody_text();
    case "code":
      return m.endpoints_with_code_text();
    case "own":
      return m.endpoints_own_text();
    case "free":
      return m.endpoints_free_text();
  }
}
