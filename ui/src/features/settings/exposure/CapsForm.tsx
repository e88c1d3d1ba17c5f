import { type FormEvent, useState } from "react";
import type { ApiError } from "../../../api/error";
import type { ExposureSet } from "../../../api/generated/ExposureSet";
import type { ExposureView } from "../../../api/generated/ExposureView";
import { useExposureSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { formatDecimal } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { Choice } from "../../../ui/Choice";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { Part } from "../Part";
import { goToProblem } from "../problem";
import { SpanFields } from "../SpanFields";
import { CAPS, type Cap, type CapField, draftOf, read } from "./caps";
import { capWord } from "./words";

/** Chooses how much is delivered before its money has arrived, and what becomes of a sale beyond that. */
export function CapsForm({ view, onDone }: { view: ExposureView; onDone(): void }) {
  const [draft, setDraft] = useState(() => draftOf(view.caps));
  const [left, setLeft] = useState<readonly CapField[]>([]);
  const [tried, setTried] = useState(false);
  const { mutateAsync, isPending, error, reset } = useExposureSet();
  const { request, wrong } = read(draft);

  const change = (part: Partial<typeof draft>) => {
    setDraft({ ...draft, ...part });
    reset();
  };
  const setCap = (cap: Cap, part: Partial<{ on: boolean; text: string }>) =>
    change({ caps: { ...draft.caps, [cap]: { ...draft.caps[cap], ...part } } });
  const errorOf = (field: CapField) =>
    wrong.includes(field) && (tried || left.includes(field))
      ? field === "oldest"
        ? m.exposure_oldest_wrong()
        : m.exposure_amount_wrong({ example: formatDecimal("20") })
      : undefined;

  const save = async (form: HTMLFormElement, wanted: ExposureSet) => {
    const before = read(draftOf(view.caps)).request;
    const undo = () =>
      mutateAsync(before).then(
        () => notify({ title: m.exposure_undone(), tone: "settled" }),
        ({ message }: ApiError) =>
          notify({ title: m.exposure_failed(), description: message, tone: "failed" }),
      );
    try {
      const now = await mutateAsync(wanted);
      if (form.isConnected) {
        onDone();
      }
      notify({
        title: m.exposure_saved(),
        description: now.sentence,
        tone: "settled",
        action: { label: m.ui_undo(), run: () => void undo() },
      });
    } catch (refusal) {
      if (!form.isConnected) {
        notify({ title: m.exposure_failed(), description: (refusal as ApiError).message, tone: "failed" });
      }
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (wrong.length > 0 || isPending) {
      goToProblem(event.currentTarget);
      return;
    }
    void save(event.currentTarget, request);
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="-mt-2 divide-y">
        {CAPS.map((cap) => (
          <Part key={cap} label={capWord(cap)} on={draft.caps[cap].on} onSwitch={(on) => setCap(cap, { on })}>
            <Field
              label={capWord(cap)}
              labelHidden
              description={cap === "perSale" ? m.exposure_cap_sale_hint() : undefined}
              error={errorOf(cap)}
            >
              <Input
                before="$"
                inputMode="decimal"
                value={draft.caps[cap].text}
                onValueChange={(text) => setCap(cap, { text })}
                onBlur={() => setLeft((known) => [...known, cap])}
                className="max-w-60 tabular-nums"
              />
            </Field>
          </Part>
        ))}
        <Part
          label={m.exposure_cap_oldest()}
          on={draft.oldest.on}
          onSwitch={(on) => change({ oldest: { ...draft.oldest, on } })}
        >
          <SpanFields
            label={m.exposure_cap_oldest()}
            span={draft.oldest}
            onSpanChange={(span) => change({ oldest: { ...draft.oldest, ...span } })}
            error={errorOf("oldest")}
          />
        </Part>
        <Part label={m.exposure_beyond()}>
          <Choice
            label={m.exposure_beyond()}
            items={[
              { value: "instant", label: m.exposure_beyond_instant() },
              { value: "refuse", label: m.exposure_beyond_refuse() },
            ]}
            value={draft.beyond === "refuse" ? "refuse" : "instant"}
            onValueChange={(beyond) => change({ beyond })}
          />
          <p className="mt-1 text-caption text-text-2">
            {draft.beyond === "refuse" ? m.exposure_beyond_refuse_text() : m.exposure_beyond_instant_text()}
          </p>
        </Part>
      </div>
      {error !== null && <Refusal title={m.exposure_failed()} error={error} />}
      <div className="sticky -bottom-4 -mx-5 -mb-4 flex flex-wrap justify-end gap-2 rounded-b-card border-t bg-surface px-5 py-3">
        {!view.isDefault && (
          <Button
            variant="ghost"
            className="mr-auto"
            disabled={isPending}
            onClick={({ currentTarget: { form } }) => form !== null && void save(form, { defaults: true })}
          >
            {m.exposure_defaults()}
          </Button>
        )}
        <Button onClick={onDone}>{m.ui_cancel()}</Button>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.exposure_save()}
        </Button>
      </div>
    </form>
  );
}
