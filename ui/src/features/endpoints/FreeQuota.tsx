import { type FormEvent, useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { useEndpointQuota } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Refusal } from "../../ui/Refusal";
import { Select } from "../../ui/Select";
import { notify } from "../../ui/toast";
import { named } from "./words";

/** The most that can be given away. */
const MOST = 10_000;

type CountedBy = "address" | "wallet";

/** How many requests a day a service answers each visitor for nothing. */
export function FreeQuota({ endpoint }: { endpoint: EndpointView }) {
  return (
    <section className="flex flex-col gap-2 border-t pt-4">
      <h3 className="font-medium">{m.endpoints_quota()}</h3>
      <QuotaForm key={`${endpoint.freeADay} ${endpoint.freeCountedBy}`} endpoint={endpoint} />
    </section>
  );
}

function QuotaForm({ endpoint: { id, title, freeADay, freeCountedBy } }: { endpoint: EndpointView }) {
  const { mutate, isPending, error, reset } = useEndpointQuota();
  const saved = freeADay === null ? "" : String(freeADay);
  const savedBy: CountedBy = freeCountedBy === "wallet" ? "wallet" : "address";
  const [text, setText] = useState(saved);
  const [countedBy, setCountedBy] = useState(savedBy);
  const [tried, setTried] = useState(false);
  const typed = text.trim();
  const isWrong = typed !== "" && !(/^[1-9]\d*$/.test(typed) && Number(typed) <= MOST);
  const set = (most: string, by: CountedBy, before: string | null) =>
    mutate(
      {
        endpoint: id,
        ...(most !== "" && { requestsADay: Number(most) }),
        ...(most !== "" && by === "wallet" && { countedBy: by }),
      },
      {
        onSuccess: () =>
          notify({
            title:
              most === ""
                ? m.endpoints_quota_none({ title: named(title) })
                : m.endpoints_quota_set({ title: named(title), count: formatCount(Number(most)) }),
            tone: "neutral",
            ...(before !== null && { action: { label: m.ui_undo(), run: () => set(before, savedBy, null) } }),
          }),
      },
    );
  const isSaved = typed === saved && (typed === "" || countedBy === savedBy);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isWrong && !isPending) {
      set(typed, countedBy, saved);
    }
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2">
      <Field
        label={m.endpoints_quota_field()}
        description={m.endpoints_quota_hint()}
        error={tried && isWrong ? m.endpoints_quota_wrong() : undefined}
      >
        <Input
          inputMode="numeric"
          value={text}
          onValueChange={(next) => {
            setText(next);
            reset();
          }}
          className="max-w-40"
        />
      </Field>
      <Field
        label={m.endpoints_quota_by()}
        description={
          countedBy === "wallet" ? m.endpoints_quota_by_wallet_limits() : m.endpoints_quota_limits()
        }
      >
        <Select<CountedBy>
          value={countedBy}
          onValueChange={(next) => {
            setCountedBy(next);
            reset();
          }}
          items={[
            { value: "address", label: m.endpoints_quota_by_address() },
            { value: "wallet", label: m.endpoints_quota_by_wallet() },
          ]}
        />
      </Field>
      {error !== null && <Refusal title={m.endpoints_quota_failed()} error={error} />}
      <Button type="submit" size="sm" className="self-start" loading={isPending} disabled={isSaved}>
        {m.endpoints_save()}
      </Button>
    </form>
  );
}
