import { type FormEvent, useRef, useState } from "react";
import { useExport, useExportCancel } from "../../api/books";
import type { ExportFilter } from "../../api/generated/ExportFilter";
import { m } from "../../i18n/messages";
import { type Days, daysOf } from "../../lib/period";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { DateInput } from "../../ui/DateInput";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Refusal } from "../../ui/Refusal";
import { Select } from "../../ui/Select";
import { Only } from "./Only";
import { Progress } from "./Progress";
import { WHAT, type What } from "./search";
import { useTell } from "./useTell";

const FORM = "export";

const WORDS: Record<What, () => string> = {
  payments: m.exports_payments,
  batches: m.exports_batches,
  costs: m.exports_costs,
  refunds: m.exports_refunds,
};

interface Props {
  what: What;
  /** What the list behind it is narrowed to; payments are narrowed likewise. */
  filter: ExportFilter;
  days: Days | null;
  onClose(): void;
}

/** Chooses what is written, in which form, and from which days; then the person chooses the file. */
export function ExportForm({ what: begun, filter, days: shown, onClose }: Props) {
  const { write, isPending, error, path } = useExport();
  const [stopped, setStopped] = useState(false);
  const [what, setWhat] = useState(begun);
  const [format, setFormat] = useState<"csv" | "json">("csv");
  const [days, setDays] = useState(shown);
  const start = useRef<HTMLButtonElement>(null);
  const tell = useTell(onClose);
  const stop = useExportCancel();
  const narrowed = what === "payments" ? filter : {};

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) {
      const name = `${["stallkeeper", what, ...(days === null ? [] : [days.from, days.to])].join("-")}.${format}`;
      setStopped(false);
      tell(write({ what, format, name, filter: { ...narrowed, ...days } }));
    }
  };
  const cancel = (running: string) => {
    setStopped(true);
    stop.mutate({ path: running }, { onError: () => setStopped(false) });
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      initialFocus={start}
      title={m.exports_title()}
      description={m.exports_text()}
      footer={
        <>
          <Button onClick={onClose}>{isPending ? m.ui_close() : m.ui_cancel()}</Button>
          {path !== null && (
            <Button variant="danger" loading={stopped} onClick={() => cancel(path)}>
              {m.exports_stop()}
            </Button>
          )}
          <Button ref={start} type="submit" form={FORM} variant="primary" loading={isPending}>
            {isPending ? m.exports_running() : m.exports_start()}
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={submit} className="flex flex-col gap-4">
        <Field label={m.exports_what()}>
          <Select
            value={what}
            onValueChange={(value) => setWhat(value)}
            items={WHAT.map((value) => ({ value, label: WORDS[value]() }))}
          />
        </Field>
        {what === "payments" && <Only filter={filter} isWhole={days === null} />}
        <div className="flex flex-col items-start gap-1">
          <span className="font-medium">{m.exports_days()}</span>
          <div className="flex flex-wrap items-center gap-2">
            <Choice
              label={m.exports_days()}
              items={[
                { value: "all", label: m.exports_days_all() },
                { value: "some", label: m.exports_days_some() },
              ]}
              value={days === null ? "all" : "some"}
              onValueChange={(value) =>
                setDays(value === "all" ? null : (shown ?? daysOf("weeks", Date.now())))
              }
            />
            {days !== null && (
              <span className="flex flex-wrap items-center gap-2">
                <DateInput
                  label={m.exports_from()}
                  value={days.from}
                  max={days.to}
                  onChange={(from) => setDays({ ...days, from })}
                />
                <span className="text-text-2">–</span>
                <DateInput
                  label={m.exports_to()}
                  value={days.to}
                  min={days.from}
                  onChange={(to) => setDays({ ...days, to })}
                />
              </span>
            )}
          </div>
        </div>
        <div className="flex flex-col items-start gap-1">
          <span className="font-medium">{m.exports_format()}</span>
          <Choice
            label={m.exports_format()}
            items={[
              { value: "csv", label: m.exports_csv() },
              { value: "json", label: m.exports_json() },
            ]}
            value={format}
            onValueChange={(value) => setFormat(value)}
          />
        </div>
        {path !== null && (
          <Progress path={path} whole={what === "payments" && days === null ? narrowed : null} />
        )}
      </form>
      {stopped && !isPending ? (
        <p role="status" className="mt-4 text-text-2">
          {m.exports_stopped()}
        </p>
      ) : (
        error !== null && <Refusal title={m.exports_failed()} error={error} />
      )}
      {stop.error !== null && isPending && <Refusal title={m.exports_stop_failed()} error={stop.error} />}
    </Dialog>
  );
}
