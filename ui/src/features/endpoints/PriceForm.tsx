import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import type { EndpointAdd } from "../../api/generated/EndpointAdd";
import type { InspectedFileView } from "../../api/generated/InspectedFileView";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { parseAmount } from "../../lib/money";
import { Field } from "../../ui/Field";
import { Money } from "../../ui/Money";
import { PriceInput } from "../../ui/PriceInput";
import { Select } from "../../ui/Select";
import { CostLine } from "./CostLine";
import { CoverChoice } from "./Cover";
import { type Draft, keepDraft, OWNED_FOR, readDrafts } from "./drafts";
import { FolderChoice } from "./FolderChoice";
import { Found } from "./Found";
import { ModeChoice } from "./ModeChoice";
import { Notice } from "./Notice";
import { PathField } from "./PathField";
import type { FailedAdd } from "./PriceSheet";
import { freePath, pathFor, pathProblem, toPath } from "./path";
import { SERVICE, TEXT } from "./queue";
import { SaidFields, sayingProblems, TitleField } from "./Said";
import { ServiceFields } from "./ServiceFields";
import { isServiceWrong, NEW_SERVICE, NO_PROBLEMS, serviceProblems, serviceSet } from "./service";
import { TextFields } from "./TextFields";
import { formatOf, textAdd, textProblem } from "./text";
import { useToken } from "./useToken";
import { ownedChoice } from "./words";

/** From this length on it is worth saying why publishing takes a moment. */
const LARGE = 50_000_000;

/** What was not filled in yet is no mistake yet. */
const NOTHING_WRONG = { title: null, description: null };

interface Props {
  id: string;
  /** The file or folder as it was offered, or the text: drafts are kept by it. */
  asked: string;
  /** What was found there; null for a text or a service. */
  found: InspectedFileView | null;
  isPublishing: boolean;
  failed: FailedAdd | null;
  onPublish(request: EndpointAdd): void;
}

/** What something costs, what it is called and where it is sold. What was typed is kept as a draft. */
export function PriceForm({ id, asked, found, isPublishing, failed, onPublish }: Props) {
  const platform = usePlatform();
  const form = useRef<HTMLFormElement>(null);
  const { token, decimals } = useToken();
  const { data: status } = useQuery(statusQuery(platform));
  const { data: listed } = useQuery(endpointsQuery(platform));
  const [tried, setTried] = useState(false);
  const isService = asked === SERVICE;
  const isText = asked === TEXT;
  const taken = (listed?.items ?? []).map((endpoint) => endpoint.path);
  const [draft, setDraft] = useState<Draft>(() => ({ ...begun(found?.title ?? ""), ...readDrafts()[asked] }));
  // Between the look at the list and publishing, somebody else may have taken the path.
  const lost = failed?.error.code === "conflict" ? [failed.path] : [];
  const suggested = freePath(pathFor(draft.title) ?? unnamed(asked), [...taken, ...lost]);
  const link = draft.link ?? suggested.slice(1);

  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepDraft(asked, next);
  };

  const path = toPath(link);
  const wrongPath = isPublishing ? null : pathProblem(path, [...taken, ...lost]);
  const { value: price } = parseAmount(draft.price, decimals);
  const wrong = sayingProblems(draft);
  const format = draft.format ?? formatOf(draft.body);
  const wrongText = isText ? textProblem(draft.body, format) : null;
  const wrongService = serviceProblems(draft.service);

  const isEach = found !== null && found.folder !== null && draft.soldAs === "files";

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (isPublishing) {
      return;
    }
    setTried(true);
    const problems = [wrongPath, wrong.title, wrong.description, wrongText];
    const isWrong =
      problems.some((problem) => problem !== null) || (isService && isServiceWrong(wrongService));
    if (price === null || isWrong) {
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('[aria-invalid="true"]:is(input, textarea)')?.focus(),
      );
      return;
    }
    // It stays what is published, whatever is listed meanwhile.
    change({ link });
    const { title, description, mode, ownedFor, soldAs, body } = draft;
    onPublish({
      ...(found?.folder
        ? { folder: { path: asked, soldAs } }
        : isText
          ? { text: textAdd(body, format, path) }
          : isService
            ? { service: serviceSet(draft.service) }
            : { file: asked }),
      path,
      price,
      title: title.trim(),
      ...(description.trim() !== "" && { description: description.trim() }),
      ...(!draft.listed && { listed: false }),
      ...(draft.cover !== null && { cover: draft.cover }),
      mode,
      ...(!isService && { ownedFor }),
    });
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
      {found !== null && <Found found={found} />}
      {isPublishing && found !== null && <Reading bytes={found.bytes} />}
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
      {isService && (
        <ServiceFields
          draft={draft.service}
          onChange={(part) => change({ service: { ...draft.service, ...part } })}
          wrong={tried ? wrongService : NO_PROBLEMS}
          autoFocus
        />
      )}
      {isText && (
        <TextFields
          body={draft.body}
          onBodyChange={(body) => change({ body })}
          format={format}
          onFormatChange={(chosen) => change({ format: chosen })}
          wrong={tried || (format === "json" && draft.format === "json") ? wrongText : null}
        />
      )}
      {found?.folder && (
        <FolderChoice
          folder={found.folder}
          value={draft.soldAs}
          onValueChange={(soldAs) => change({ soldAs })}
        />
      )}
      <div className="grid gap-4 min-[40rem]:grid-cols-2">
        <PriceInput
          label={isEach ? m.endpoints_field_price_each() : m.endpoints_field_price()}
          text={draft.price}
          onTextChange={(text) => change({ price: text })}
          decimals={decimals}
          token={token}
          checked={tried}
          autoFocus={found !== null}
          note={
            price !== null && (
              <>
                {m.endpoints_buyer_pays()} <Money value={price} className="font-medium text-text" />
                <CostLine price={price} />
              </>
            )
          }
        />
        {!isService && (
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
        )}
      </div>
      <TitleField said={draft} onChange={change} wrong={found === null && !tried ? NOTHING_WRONG : wrong} />
      <PathField
        link={link}
        onLinkChange={(typed) => change({ link: typed })}
        wrong={wrongPath}
        host={status?.url ?? null}
        suggested={suggested}
      />
      <ModeChoice value={draft.mode} onValueChange={(mode) => change({ mode })} />
      <SaidFields said={draft} onChange={change} wrong={wrong} />
      <CoverChoice file={draft.cover} onFileChange={(cover) => change({ cover })} />
    </form>
  );
}

/** The path of what has no title that makes one. */
function unnamed(asked: string): string {
  switch (asked) {
    case SERVICE:
      return m.endpoints_service_path();
    case TEXT:
      return m.endpoints_text_path();
    default:
      return m.endpoints_file_path();
  }
}

/** A draft in which nobody has typed yet. */
function begun(title: string): Draft {
  return {
    title,
    description: "",
    listed: true,
    link: null,
    price: "",
    mode: "batched",
    ownedFor: "30d",
    soldAs: "files",
    cover: null,
    body: "",
    format: null,
    service: NEW_SERVICE,
  };
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
