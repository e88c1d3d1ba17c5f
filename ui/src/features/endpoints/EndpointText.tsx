import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { TextView } from "../../api/generated/TextView";
import { usePlatform } from "../../api/platform-context";
import { endpointTextQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { Address } from "../../ui/Address";
import { Button } from "../../ui/Button";
import { ErrorState } from "../../ui/ErrorState";
import { Field } from "../../ui/Field";
import { Skeleton } from "../../ui/Skeleton";
import { TextArea } from "../../ui/TextArea";
import { Facts } from "./Facts";
import { Notice } from "./Notice";
import { textProblem } from "./text";
import { useEndpointSaying } from "./useEndpointSaying";

/** The text that is delivered, and how it is changed. */
export function EndpointTextBody({ endpoint, text }: { endpoint: EndpointView; text: TextView }) {
  const { data, error, refetch, isFetching } = useQuery(
    endpointTextQuery(usePlatform(), endpoint.id, text.sha256),
  );
  return (
    <div className="flex flex-col gap-4">
      {data !== undefined ? (
        <Editor key={text.sha256} endpoint={endpoint} text={text} body={data.body} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <Skeleton className="h-40" />
      )}
      <Facts
        facts={[
          [m.endpoints_file_name(), <bdi key="name">{text.name}</bdi>],
          [m.endpoints_file_type(), text.mediaType],
          [m.endpoints_file_size(), formatBytes(text.bytes)],
          [
            m.endpoints_file_hash(),
            <Address key="hash" value={text.sha256} what={m.endpoints_file_hash_what()} full />,
          ],
        ]}
      />
    </div>
  );
}

/** Begins with the text as it is sold; one that was saved begins it anew. */
function Editor({ endpoint, text, body }: { endpoint: EndpointView; text: TextView; body: string }) {
  const { save, isSaving, error } = useEndpointSaying(endpoint);
  const [typed, setTyped] = useState(body);
  const isChanged = typed !== body;
  const wrong = textProblem(typed, text.mediaType.startsWith("application/json") ? "json" : "plain");
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && wrong === null && !isSaving) {
          void save({ text: typed }, { text: body });
        }
      }}
    >
      <Field
        label={m.endpoints_field_text()}
        description={m.endpoints_text_edit_note()}
        error={isChanged ? wrong : null}
      >
        <TextArea value={typed} onValueChange={setTyped} rows={10} mono />
      </Field>
      {error !== null && <Notice tone="failed">{error.message}</Notice>}
      <div className="flex justify-end gap-2">
        {isChanged && <Button onClick={() => setTyped(body)}>{m.endpoints_text_back()}</Button>}
        <Button type="submit" variant="primary" disabled={!isChanged || wrong !== null} loading={isSaving}>
          {m.endpoints_text_save()}
        </Button>
      </div>
    </form>
  );
}
