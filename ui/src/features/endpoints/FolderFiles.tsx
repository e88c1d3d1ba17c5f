import { useInfiniteQuery } from "@tanstack/react-query";
import { Tag, Trash2 } from "lucide-react";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { FolderFileView } from "../../api/generated/FolderFileView";
import { usePlatform } from "../../api/platform-context";
import { folderFilesQuery } from "../../api/prices";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { ErrorState } from "../../ui/ErrorState";
import { IconButton } from "../../ui/IconButton";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { AddPrice } from "./AddPrice";
import { pricedFor } from "./priced-for";
import { useEndPrice } from "./useEndPrice";
import { named } from "./words";

/** The files of a folder, each with what it costs; where they are sold one by one, each is priced here. */
export function FolderFiles({ endpoint }: { endpoint: EndpointView }) {
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(folderFilesQuery(usePlatform(), endpoint.id));
  const [part, setPart] = useState("");
  const [isPricing, setPricing] = useState(false);
  const files = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium">{m.endpoints_files_title()}</h3>
      {data === undefined && error !== null ? (
        <ErrorState
          title={m.endpoints_files_failed()}
          error={error}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      ) : data === undefined ? (
        <Skeleton className="h-40" />
      ) : (
        <ul aria-label={m.endpoints_files_list()} className="divide-y rounded-card border">
          {files.map((file) => (
            <File
              key={file.part}
              endpoint={endpoint}
              file={file}
              onPrice={() => {
                setPart(file.part);
                setPricing(true);
              }}
            />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className="self-start" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {m.endpoints_files_more()}
        </Button>
      )}
      <AddPrice endpoint={endpoint} part={part} open={isPricing} onOpenChange={setPricing} />
    </section>
  );
}

interface FileProps {
  endpoint: EndpointView;
  file: FolderFileView;
  onPrice(): void;
}

function File({ endpoint, file, onPrice }: FileProps) {
  const { part, name, bytes, priced, price, url } = file;
  const own = { part, audience: priced === "free" ? "free" : "everybody", code: null, price };
  const end = useEndPrice(endpoint, own);
  const canPrice = priced !== "archive" && endpoint.state !== "removed";
  // What is free because the folder is has nothing of its own to end.
  const hasOwn =
    priced === "own" ||
    (priced === "free" && endpoint.prices.some((one) => one.part === part && one.audience === "free"));
  return (
    <li className="flex items-center gap-2 py-1 pr-1.5 pl-3">
      <bdi title={name} className="min-w-0 flex-1 truncate">
        {name}
      </bdi>
      <span className="shrink-0 text-caption text-text-2 tabular-nums">{formatBytes(bytes)}</span>
      {priced === "free" && <span className="shrink-0 font-medium">{m.endpoints_files_free()}</span>}
      {price !== null && (
        <span className={priced === "own" ? "shrink-0 font-medium" : "shrink-0 text-text-2"}>
          <Money value={price.formatted} />
          {priced === "folder" && <span className="sr-only"> ({m.endpoints_files_usual()})</span>}
        </span>
      )}
      {url !== null && <CopyButton text={url} what={m.endpoints_files_link({ name: named(name) })} />}
      {canPrice && (
        <>
          <IconButton
            icon={Tag}
            size="sm"
            label={m.endpoints_files_price({ name: named(name) })}
            onClick={onPrice}
          />
          {hasOwn ? (
            <IconButton
              icon={Trash2}
              size="sm"
              label={m.endpoints_price_end({ what: pricedFor(own) })}
              onClick={end}
            />
          ) : (
            <span aria-hidden className="size-6" />
          )}
        </>
      )}
    </li>
  );
}
