import { useQuery } from "@tanstack/react-query";
import { exportProgressQuery } from "../../api/books";
import type { ExportFilter } from "../../api/generated/ExportFilter";
import { usePlatform } from "../../api/platform-context";
import { paymentCountsQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";

interface Props {
  /** The file that is being written. */
  path: string;
  /** Which payments are written, where it can be known beforehand how many those are. */
  whole: ExportFilter | null;
}

/** How far an export has got. */
export function Progress({ path, whole }: Props) {
  const platform = usePlatform();
  const { data: progress } = useQuery(exportProgressQuery(platform, path));
  const { states, endpoint, payer, delivery, network, least, most, search } = whole ?? {};
  const { data: counts } = useQuery({
    ...paymentCountsQuery(platform, [{ states, endpoint, payer, delivery, network, least, most, search }]),
    enabled: whole !== null,
  });
  const rows = progress?.rows ?? 0;
  const all = whole === null ? undefined : counts?.[0];
  const share = all === undefined || all === 0 ? null : Math.min(1, rows / all);
  return (
    <div className="flex flex-col gap-1.5">
      <span aria-hidden className="h-1 overflow-hidden rounded-full bg-surface-2">
        <span
          className={`block h-full rounded-full bg-accent ${share === null ? "w-1/3 animate-pulse" : "transition-[width]"}`}
          style={share === null ? undefined : { width: `${(share * 100).toFixed(1)}%` }}
        />
      </span>
      <p className="text-caption text-text-2 tabular-nums">
        {all === undefined
          ? m.exports_rows({ rows: formatCount(rows) })
          : m.exports_rows_of({ rows: formatCount(rows), all: formatCount(all) })}
      </p>
      <p role="status" className="text-caption text-text-2">
        {m.exports_progress()}
      </p>
    </div>
  );
}
