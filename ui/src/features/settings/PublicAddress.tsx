import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ApiError } from "../../api/error";
import type { StatusView } from "../../api/generated/StatusView";
import { usePlatform } from "../../api/platform-context";
import { settingsQuery, useSettingSet } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { isLoopback } from "../../lib/address";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { ErrorState } from "../../ui/ErrorState";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Skeleton } from "../../ui/Skeleton";
import { notify } from "../../ui/toast";
import { Row, Section } from "./Section";

const KEY = "public-url";

/** Where buyers reach the stall. */
export function PublicAddress({ status: { url } }: { status: StatusView }) {
  const { data, error, refetch, isFetching } = useQuery(settingsQuery(usePlatform()));
  const value = data?.items.find(({ key }) => key === KEY)?.value ?? "";
  return (
    <Section anchor="public" title={m.settings_public()} text={m.settings_public_text()}>
      <Row
        title={m.settings_public_now()}
        control={url !== null && <CopyButton text={url} label={m.ui_copy()} />}
      >
        {url === null ? (
          <p className="text-text-2">{m.settings_public_closed()}</p>
        ) : (
          <>
            <code className="font-mono text-caption break-all">{url}</code>
            {isLoopback(url) && <p className="mt-1 text-caption text-text-2">{m.settings_public_local()}</p>}
          </>
        )}
      </Row>
      <Row>
        {data !== undefined ? (
          <UrlForm key={value} value={value} />
        ) : error !== null ? (
          <ErrorState
            title={m.settings_failed()}
            error={error}
            retrying={isFetching}
            onRetry={() => void refetch()}
          />
        ) : (
          <Skeleton className="h-14 w-full" />
        )}
      </Row>
    </Section>
  );
}

function UrlForm({ value }: { value: string }) {
  const { mutateAsync, isPending, error, reset } = useSettingSet();
  const [text, setText] = useState(value);
  const save = (next: string, undo: string | null) => {
    const saved = () =>
      notify({
        title: next === "" ? m.settings_public_default() : m.settings_public_saved({ url: next }),
        tone: "settled",
        ...(undo !== null && {
          action: { label: m.ui_undo(), run: () => save(undo, null) },
        }),
      });
    const refused = ({ message }: ApiError) => {
      if (undo === null) {
        notify({ title: m.settings_not_saved(), description: message, tone: "failed" });
      }
    };
    // What was saved begins this form anew: an Undo comes from one that is gone, and is answered all the same.
    mutateAsync({ key: KEY, value: next }).then(saved, refused);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== value && !isPending) {
      save(text.trim(), value);
    }
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-wrap items-start gap-2">
      <div className="min-w-0 flex-1 basis-72">
        <Field
          label={m.settings_public_field()}
          description={m.settings_public_hint()}
          error={error?.message}
        >
          <Input
            inputMode="url"
            placeholder="https://"
            value={text}
            onValueChange={(next) => {
              setText(next);
              reset();
            }}
          />
        </Field>
      </div>
      <Button type="submit" loading={isPending} disabled={text.trim() === value} className="mt-6">
        {m.settings_save()}
      </Button>
    </form>
  );
}
