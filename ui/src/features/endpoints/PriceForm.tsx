import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import type { EndpointAdd } from "../../api/generated/EndpointAdd";
import type { InspectedFileView } from "../../api/generated/InspectedFileView";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { formatBytes } from "../../lib/bytes";
import { parseAmount } from "../../lib/money";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Money } from "../../ui/Money";
import { PriceInput } from "../../ui/PriceInput";
import { Select } from "../../ui/Select";
import { type Draft, keepDraft, OWNED_FOR, readDrafts } from "./drafts";
import { FileIcon } from "./FileIcon";
import { ModeChoice } from "./ModeChoice";
import { Notice } from "./Notice";
import { PathField } from "./PathField";
import type { FailedAdd } from "./PriceSheet";
import { pathProblem, toPath } from "./path";
import { useToken } from "./useToken";
import { ownedChoice } from "./words";

const LONGEST_TITLE = 200;

/** From this length on it is worth saying why publishing takes a moment. */
const LARGE = 50_000_000;

interface Props {
  id: string;
  /** The file as it was offered: drafts are kept by it. */
  asked: string;
  found: InspectedFileView;
  isPublishing: boolean;
  failed: FailedAdd | null;
  onPublish(request: EndpointAdd): void;
}

/** What a file costs, what it is called and where it is sold. What was typed is kept as a draft. */
export function PriceForm({ id, asked, found, isPublishing, failed, onPublish }: Props) {
  const platform = usePlatform();
  const form = useRef<HTMLFormElement>(null);
  const { token, decimals } = useToken();
  const { data: status } = useQuery(statusQuery(platform));
  const { data: listed } = useQuery(endpointsQuery(platform));
  const [tried, setTried] = useState(false);
  const [draft, setDraft] = useState<Draft>(() => readDrafts()[asked] ?? suggestion(found));

  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepDraft(asked, next);
  };

  const path = toPath(draft.link);
  const taken = (listed?.items ?? []).map((endpoint) => endpoint.path);
  // Between the look at the list and publishing, somebody else may have taken the path.
  const lost = failed?.error.code === "conflict" && failed.path === path ? [failed.path] : [];
  const wrongPath = isPublishing ? null : pathProblem(path, [...taken, ...lost]);
  const { value: price } = parseAmount(draft.price, decimals);
  const wrongTitle = titleProblem(draft.title);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (isPublishing) {
      return;
    }
    setTried(true);
    if (price === null || wrongPath !== null || wrongTitle !== null) {
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('input[aria-invalid="true"]')?.focus(),
      );
      return;
    }
    const { title, mode, ownedFor } = draft;
    onPublish({ file: asked, path, price, title: title.trim(), mode, ownedFor });
  };

  const submitNow = useEffectEvent(submit);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) {
        event.preventDefault();
        submitNow();
      }
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, []);

  return (
    <form ref={form} id={id} onSubmit={submit} className="flex flex-col gap-4">
      <div className="flex items-center gap-3 rounded-control border bg-surface-2 px-3 py-2">
        <FileIcon mediaType={found.mediaType} />
        <bdi title={found.path} className="min-w-0 flex-1 truncate font-medium">
          {found.name}
        </bdi>
        <span className="shrink-0 text-text-2 tabular-nums">{formatBytes(found.bytes)}</span>
      </div>
      {isPublishing && <Reading bytes={found.bytes} />}
      {!isPublishing && failed !== null && lost.length === 0 && (
        <Notice tone="failed">
          <strong className="font-medium">{m.endpoints_publish_failed()}.</strong> {failed.error.message}
        </Notice>
      )}
      {failed === null && typeof status?.offlineReason === "string" && (
        <Notice tone="warning">
          {m.endpoints_offline()} {status.offlineReason}
        </Notice>
      )}
      <div className="grid gap-4 min-[40rem]:grid-cols-2">
        <PriceInput
          label={m.endpoints_field_price()}
          text={draft.price}
          onTextChange={(text) => change({ price: text })}
          decimals={decimals}
          token={token}
          checked={tried}
          autoFocus
          note={
            price !== null && (
              <>
                {m.endpoints_buyer_pays()} <Money value={price} className="font-medium text-text" />
              </>
            )
          }
        />
        <Field
          label={m.endpoints_field_owned()}
          description={draft.ownedFor === "0" ? m.endpoints_owned_0_note() : m.endpoints_owned_note()}
        >
          <Select
            value={draft.ownedFor}
            onValueChange={(ownedFor) => change({ ownedFor })}
            items={OWNED_FOR.map((value) => ({ value, label: ownedChoice(value) }))}
          />
        </Field>
      </div>
      <Field label={m.endpoints_field_title()} error={wrongTitle}>
        <Input value={draft.title} dir="auto" onValueChange={(title) => change({ title })} />
      </Field>
      <PathField
        link={draft.link}
        onLinkChange={(link) => change({ link })}
        wrong={wrongPath}
        host={status?.url ?? null}
        suggested={found.suggestedPath}
      />
      <ModeChoice value={draft.mode} onValueChange={(mode) => change({ mode })} />
    </form>
  );
}

function suggestion({ title, suggestedPath }: InspectedFileView): Draft {
  return { title, link: suggestedPath.slice(1), price: "", mode: "batched", ownedFor: "30d" };
}

function titleProblem(title: string): string | null {
  if (title.trim() === "") {
    return m.endpoints_title_empty();
  }
  return [...title.trim()].length > LONGEST_TITLE ? m.endpoints_title_long({ most: LONGEST_TITLE }) : null;
}

/** Publishing reads the whole file. How far it is, only the app knows; that it goes on can be seen. */
function Reading({ bytes }: { bytes: number }) {
  return (
    <div className="flex flex-col gap-1.5">
      <div
        role="progressbar"
        aria-label={m.endpoints_reading()}
        className="h-1 overflow-hidden rounded-full bg-surface-2"
      >
        <div className="h-full w-full animate-pulse rounded-full bg-accent" />
      </div>
      <output className="text-caption text-text-2">
        {m.endpoints_reading()}
        {bytes >= LARGE && `. ${m.endpoints_reading_text({ size: formatBytes(bytes) })}`}
      </output>
    </div>
  );
}
