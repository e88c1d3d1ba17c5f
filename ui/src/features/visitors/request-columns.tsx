import { Link } from "@tanstack/react-router";
import type { RequestView } from "../../api/generated/RequestView";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { formatBytes } from "../../lib/bytes";
import { answerOf } from "../../ui/answer";
import { Badge } from "../../ui/Badge";
import { columnsOf } from "../../ui/DataTable";
import { TimeAgo } from "../../ui/TimeAgo";
import type { Room } from "../../ui/useRoom";

/** A request with a name by which its row is known. */
export interface NamedRequest extends RequestView {
  id: string;
}

export function rowId({ id }: NamedRequest): string {
  return id;
}

const column = columnsOf<NamedRequest>();

const at = column.accessor("at", {
  header: () => m.visitors_log_time(),
  cell: ({ getValue }) => <TimeAgo at={getValue()} className="text-text-2" />,
  meta: { width: "6.5rem" },
});

const asked = column.accessor("path", {
  header: () => m.visitors_log_request(),
  cell: ({ row: { original } }) => (
    <code title={original.path} className="font-mono text-caption">
      <span className="text-text-2">{original.method}</span> {original.path}
    </code>
  ),
  meta: { width: "minmax(10rem, 1fr)" },
});

const answer = column.accessor("status", {
  header: () => m.visitors_log_answer(),
  cell: ({ row: { original } }) => <Answer request={original} />,
  meta: { width: "12.5rem" },
});

const bytes = column.accessor("bytes", {
  header: () => m.visitors_log_bytes(),
  cell: ({ getValue }) =>
    getValue() === 0 ? <span className="text-text-3">–</span> : formatBytes(getValue()),
  meta: { width: "5.5rem", align: "right" },
});

const buyer = column.accessor("payer", {
  header: () => m.visitors_log_buyer(),
  cell: ({ row: { original } }) => <Buyer request={original} />,
  meta: { width: "9rem" },
});

const address = column.accessor("address", {
  header: () => m.visitors_log_address(),
  cell: ({ getValue }) => (
    <code title={getValue() ?? ""} className="font-mono text-caption">
      {getValue()}
    </code>
  ),
  meta: { width: "9rem" },
});

/** The columns; network addresses only where some are kept. */
export function requestColumns(room: Room, hasAddresses: boolean) {
  return [
    at,
    asked,
    answer,
    ...(room === "wide" ? [bytes] : []),
    ...(room === "narrow" ? [] : [buyer]),
    ...(hasAddresses ? [address] : []),
  ];
}

function Answer({ request: { status } }: { request: NamedRequest }) {
  const { word, tone } = answerOf(status);
  return (
    <Badge tone={tone}>
      {status} · {word()}
    </Badge>
  );
}

function Buyer({ request: { payer, own } }: { request: NamedRequest }) {
  if (own) {
    return <Badge>{m.visitors_log_own()}</Badge>;
  }
  return payer === null ? (
    <span className="text-text-3">–</span>
  ) : (
    <Link
      to="/buyers/$buyer"
      params={{ buyer: payer }}
      title={payer}
      className="font-mono text-caption underline-offset-2 hover:underline"
    >
      {shorten(payer)}
    </Link>
  );
}
