import { m } from "../../i18n/messages";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Switch } from "../../ui/Switch";
import { METHODS, type ServiceDraft, type ServiceProblems, serviceSet } from "./service";
import { TryService } from "./TryService";

interface Props {
  draft: ServiceDraft;
  onChange(part: Partial<ServiceDraft>): void;
  wrong: ServiceProblems;
  autoFocus?: boolean;
}

/** Where a service is asked, and what passes in either direction. */
export function ServiceFields({ draft, onChange, wrong, autoFocus = false }: Props) {
  const { upstream, remote, pattern, methods, requestHeaders, answerHeaders, patience } = draft;
  const isWrongInside = [wrong.longestRequest, wrong.longestAnswer, wrong.patience].some(
    (one) => one !== null,
  );
  return (
    <>
      <Field
        label={m.endpoints_field_upstream()}
        description={m.endpoints_upstream_hint()}
        error={wrong.upstream}
      >
        <Input
          inputMode="url"
          autoFocus={autoFocus}
          placeholder="http://127.0.0.1:3000/api"
          value={upstream}
          onValueChange={(text) => onChange({ upstream: text })}
        />
      </Field>
      <TryService request={{ service: serviceSet(draft) }} />
      <div>
        <Switch
          label={m.endpoints_remote()}
          checked={remote}
          onCheckedChange={(isOn) => onChange({ remote: isOn })}
        />
        <p className="text-caption text-text-2">{m.endpoints_remote_text()}</p>
      </div>
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-medium">{m.endpoints_service_methods()}</legend>
        <span className="flex flex-wrap gap-x-4 gap-y-1">
          {METHODS.map((method) => (
            <label key={method} className="inline-flex min-h-6 items-center gap-2">
              <input
                type="checkbox"
                checked={methods.includes(method)}
                aria-invalid={wrong.methods === null ? undefined : true}
                onChange={({ target }) =>
                  onChange({
                    methods: METHODS.filter((one) =>
                      one === method ? target.checked : methods.includes(one),
                    ),
                  })
                }
                className="size-4 shrink-0 accent-accent"
              />
              {method}
            </label>
          ))}
        </span>
        {wrong.methods !== null && <p className="text-caption text-failed">{wrong.methods}</p>}
      </fieldset>
      <details {...(isWrongInside && { open: true })} className="rounded-control border px-3 py-2">
        <summary>{m.endpoints_service_more()}</summary>
        <div className="mt-3 flex flex-col gap-4">
          <Field label={m.endpoints_service_pattern()} description={m.endpoints_pattern_hint()}>
            <Input
              placeholder="/{town}"
              value={pattern}
              onValueChange={(text) => onChange({ pattern: text })}
              className="font-mono"
            />
          </Field>
          <Field label={m.endpoints_service_in()} description={m.endpoints_headers_in_hint()}>
            <Input
              placeholder="accept-language"
              value={requestHeaders}
              onValueChange={(text) => onChange({ requestHeaders: text })}
              className="font-mono"
            />
          </Field>
          <Field label={m.endpoints_service_out()} description={m.endpoints_headers_out_hint()}>
            <Input
              placeholder="etag"
              value={answerHeaders}
              onValueChange={(text) => onChange({ answerHeaders: text })}
              className="font-mono"
            />
          </Field>
          <Field
            label={m.endpoints_service_longest_in()}
            description={m.endpoints_longest_in_hint()}
            error={wrong.longestRequest}
          >
            <Length value={draft.longestRequest} onChange={(text) => onChange({ longestRequest: text })} />
          </Field>
          <Field
            label={m.endpoints_service_longest_out()}
            description={m.endpoints_longest_out_hint()}
            error={wrong.longestAnswer}
          >
            <Length value={draft.longestAnswer} onChange={(text) => onChange({ longestAnswer: text })} />
          </Field>
          <Field label={m.endpoints_service_patience()} error={wrong.patience}>
            <Input
              inputMode="numeric"
              value={patience}
              onValueChange={(text) => onChange({ patience: text })}
              after={m.endpoints_seconds()}
              className="max-w-40"
            />
          </Field>
        </div>
      </details>
    </>
  );
}

/** How long something may be, in MB. */
function Length({ value, onChange }: { value: string; onChange(text: string): void }) {
  return (
    <Input
      inputMode="decimal"
      value={value}
      onValueChange={onChange}
      after={m.endpoints_megabytes()}
      className="max-w-40"
    />
  );
}
