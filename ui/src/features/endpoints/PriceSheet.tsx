import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef } from "react";
import type { ApiError } from "../../api/error";
import type { EndpointAdd } from "../../api/generated/EndpointAdd";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { InspectedFileView } from "../../api/generated/InspectedFileView";
import { usePlatform } from "../../api/platform-context";
import { fileQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton } from "../../ui/Skeleton";
import { PriceForm } from "./PriceForm";
import { fileName, type Queue, SERVICE, TEXT, wareOf } from "./queue";
import { Refused } from "./Refused";
import { Share } from "./Share";
import { named } from "./words";

/** Something whose last try to publish it did not work. */
export type FailedAdd = EndpointAdd & { error: ApiError };

export interface PriceSheetProps {
  queue: Queue;
  publishing: EndpointAdd | null;
  failed: FailedAdd | null;
  onPublish(request: EndpointAdd): void;
  /** Goes on to the next file. */
  onNext(): void;
  /** Puts the sheet away. What is being published goes on. */
  onClose(): void;
  /** Gives up what is being published, and puts the sheet away. */
  onCancel(): void;
  /** Lets the person choose another file. */
  onPick(): void;
}

/** One thing after the other gets its price, and after each its link is shown. */
export function PriceSheet({ queue, onClose, ...rest }: PriceSheetProps) {
  const { open, published, waiting, done } = queue;
  const formId = useId();
  const file = published === null ? waiting[0] : undefined;
  const count = done + waiting.length;
  const place = published === null ? done + 1 : done;
  const isFound = file !== undefined && file !== TEXT && file !== SERVICE;
  const look = useQuery({ ...fileQuery(usePlatform(), file ?? ""), enabled: isFound });
  const title =
    published !== null
      ? m.endpoints_published({ title: named(published.title) })
      : file === TEXT
        ? m.endpoints_sheet_text()
        : file === SERVICE
          ? m.endpoints_price_service()
          : look.data?.folder
            ? m.endpoints_sheet_folder()
            : m.endpoints_sheet_title();
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      wide
      title={title}
      description={
        published === null ? (
          count > 1 && m.endpoints_sheet_place({ place, count })
        ) : (
          <>
            {m.endpoints_published_text()}
            {count > 1 && ` ${m.endpoints_sheet_place({ place, count })}`}
          </>
        )
      }
      footer={
        <Footer
          {...rest}
          queue={queue}
          formId={formId}
          isReady={!isFound || look.isSuccess}
          isRefused={isFound && look.isError}
          onClose={onClose}
        />
      }
    >
      {published !== null && <Published key={published.id} endpoint={published} />}
      {file !== undefined && isFound && <FileStep key={file} {...rest} file={file} formId={formId} />}
      {file !== undefined && !isFound && (
        <Form key={file} {...rest} ware={file} found={null} formId={formId} />
      )}
    </Dialog>
  );
}

function Footer({
  queue,
  formId,
  isReady,
  isRefused,
  publishing,
  onNext,
  onClose,
  onCancel,
  onPick,
}: Omit<PriceSheetProps, "failed" | "onPublish"> & { formId: string; isReady: boolean; isRefused: boolean }) {
  const { published, waiting } = queue;
  const nextName = waiting[published === null ? 1 : 0];
  const file = waiting[0] ?? "";
  const isPublishing = publishing !== null && wareOf(publishing) === file;
  if (published !== null) {
    return nextName === undefined ? (
      <Button variant="primary" onClick={onClose}>
        {m.endpoints_done()}
      </Button>
    ) : (
      <>
        <Button onClick={onClose}>{m.endpoints_done()}</Button>
        <Button variant="primary" className="max-w-full" onClick={onNext}>
          <span className="truncate">{m.endpoints_next_file({ name: named(fileName(nextName)) })}</span>
        </Button>
      </>
    );
  }
  return (
    <>
      {nextName !== undefined && (
        <Button variant="ghost" className="mr-auto" onClick={onNext}>
          {m.endpoints_skip()}
        </Button>
      )}
      <Button onClick={isPublishing ? onCancel : onClose}>{m.endpoints_cancel()}</Button>
      {isRefused && nextName === undefined && (
        <Button
          variant="primary"
          onClick={() => {
            onClose();
            onPick();
          }}
        >
          {m.endpoints_other_file()}
        </Button>
      )}
      {!isRefused && (
        <Button type="submit" form={formId} variant="primary" disabled={!isReady} loading={isPublishing}>
          {m.endpoints_publish()}
        </Button>
      )}
    </>
  );
}

function FileStep({
  file,
  formId,
  publishing,
  failed,
  onPublish,
}: Pick<PriceSheetProps, "publishing" | "failed" | "onPublish"> & { file: string; formId: string }) {
  const { data: found, error, refetch, isFetching } = useQuery(fileQuery(usePlatform(), file));
  if (error !== null && found === undefined) {
    const again = { onRetry: () => void refetch(), retrying: isFetching };
    return error.code === "file" ? (
      <Refused file={file} message={error.message} {...again} />
    ) : (
      <ErrorState error={error} title={m.endpoints_sheet_failed()} {...again} />
    );
  }
  if (found === undefined) {
    return (
      <div className="flex flex-col gap-4">
        <output className="sr-only">{m.endpoints_sheet_loading()}</output>
        <Skeleton className="h-12" />
        <Skeleton className="h-16" />
        <Skeleton className="h-16" />
        <Skeleton className="h-24" />
      </div>
    );
  }
  return (
    <Form
      ware={file}
      found={found}
      formId={formId}
      publishing={publishing}
      failed={failed}
      onPublish={onPublish}
    />
  );
}

function Form({
  ware,
  found,
  formId,
  publishing,
  failed,
  onPublish,
}: Pick<PriceSheetProps, "publishing" | "failed" | "onPublish"> & {
  ware: string;
  found: InspectedFileView | null;
  formId: string;
}) {
  return (
    <PriceForm
      id={formId}
      asked={ware}
      found={found}
      isPublishing={publishing !== null && wareOf(publishing) === ware}
      failed={failed !== null && wareOf(failed) === ware ? failed : null}
      onPublish={onPublish}
    />
  );
}

/** The link, as soon as there is one. */
function Published({ endpoint }: { endpoint: EndpointView }) {
  const share = useRef<HTMLDivElement>(null);
  useEffect(() => {
    share.current?.querySelector("button")?.focus();
  }, []);
  return (
    <div ref={share}>
      <Share endpoint={endpoint} />
    </div>
  );
}
