import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { VersionView } from "../../api/generated/VersionView";
import { usePlatform } from "../../api/platform-context";
import { useEndpointOwnersGet, versionsQuery } from "../../api/versions";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { messageOf } from "../../lib/message";
import { formatCount } from "../../lib/money";
import { absoluteTime } from "../../lib/time";
import { Address } from "../../ui/Address";
import { Badge } from "../../ui/Badge";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton } from "../../ui/Skeleton";
import { notify } from "../../ui/toast";
import { RadioCards } from "./RadioCards";
import { named } from "./words";

type Choice = "newest" | "bought";

/** What was sold before under the same link, and which version its owners receive. */
export function Versions({ endpoint }: { endpoint: EndpointView }) {
  const { content, state } = endpoint;
  return (
    <section className="flex flex-col gap-4 border-t pt-4">
      {state !== "removed" && content.kind !== "text" && <OwnersGet endpoint={endpoint} />}
      <History endpoint={endpoint} />
    </section>
  );
}

function OwnersGet({ endpoint: { id, title, ownersGet } }: { endpoint: EndpointView }) {
  const { mutateAsync } = useEndpointOwnersGet();
  const name = { title: named(title) };
  const set = async (wanted: Choice, undo: boolean) => {
    try {
      await mutateAsync({ endpoint: id, ownersGet: wanted });
      const before = wanted === "newest" ? "bought" : "newest";
      notify({
        title:
          wanted === "newest" ? m.endpoints_owners_newest_set(name) : m.endpoints_owners_bought_set(name),
        tone: "neutral",
        ...(undo && { action: { label: m.ui_undo(), run: () => void set(before, false) } }),
      });
    } catch (reason) {
      const description = messageOf(reason);
      notify({ title: m.endpoints_owners_failed(), description, tone: "failed" });
    }
  };
  return (
    <RadioCards<Choice>
      label={m.endpoints_owners_get()}
      items={[
        { value: "newest", word: m.endpoints_owners_newest(), text: m.endpoints_owners_newest_text() },
        { value: "bought", word: m.endpoints_owners_bought(), text: m.endpoints_owners_bought_text() },
      ]}
      value={ownersGet === "bought" ? "bought" : "newest"}
      onValueChange={(wanted) => void set(wanted, true)}
    />
  );
}

/** Looked up once somebody wants to know. */
function History({ endpoint: { id } }: { endpoint: EndpointView }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch, isFetching } = useQuery({
    ...versionsQuery(usePlatform(), id),
    enabled: isOpen,
  });
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="font-medium">{m.endpoints_version_history()}</summary>
      {data !== undefined ? (
        <ul aria-label={m.endpoints_version_history()} className="mt-2 divide-y rounded-card border">
          {data.items.map((version) => (
            <Version key={`${version.part} ${version.sha256}`} version={version} />
          ))}
        </ul>
      ) : error !== null ? (
        <ErrorState
          title={m.endpoints_version_history_failed()}
          error={error}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      ) : (
        <Skeleton className="mt-2 h-24" />
      )}
    </details>
  );
}

function Version({ version }: { version: VersionView }) {
  const { part, sha256, bytes, publishedAt, bought, current, fileState } = version;
  const isGone = fileState === "changed" || fileState === "missing";
  return (
    <li className="flex flex-col gap-0.5 px-3 py-2">
      <span className="flex flex-wrap items-center gap-x-3">
        <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          {part !== "" && <bdi className="mr-2 font-medium">{part}</bdi>}
          {m.endpoints_version_since({ from: absoluteTime(publishedAt) })}
        </span>
        {current && <Badge tone="settled">{m.endpoints_version_current()}</Badge>}
      </span>
      <span className="flex flex-wrap items-center gap-x-3 text-caption text-text-2">
        <span className="tabular-nums">{formatBytes(bytes)}</span>
        <Address value={sha256} what={m.endpoints_file_hash_what()} head={8} tail={4} />
        <span className="tabular-nums">{m.endpoints_version_bought({ count: formatCount(bought) })}</span>
      </span>
      {isGone && (
        <span className="text-caption text-text-2">
          {fileState === "missing" ? m.endpoints_version_missing() : m.endpoints_version_changed()}
        </span>
      )}
    </li>
  );
}
