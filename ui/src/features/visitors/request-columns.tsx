import { Link } from "@tanstack/react-router";
import type { RequestView } from "../../api/generated/RequestView";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { formatBytes } from "../../lib/bytes";
import { answerOf } from "../../ui/answer";
import { Badge } from "../../ui/Badge";
import type { Column } from "../../ui/column";
import { TimeAgo } from "../../ui/TimeAgo";
import type { Room } from "../../ui/useRoom";

/** A request with a name by which its row is known. */
export interface NamedRequest extends RequestView {
  id: string;
}

export function rowId({ id }: NamedRequest): string {
  return id;
}

type RequestColumn = Column<NamedRequest>;

const at: RequestColumn = {
  name: "requests.time",
  header: m.visitors_log_time,
  cell: (request) => <TimeAgo at={request.at} className="text-text-2" />,
  width: "6.5rem",
};

const asked: RequestColumn = {
  name: "requests.asked",
  header: m.visitors_log_request,
  cell: ({ method, path }) => (
    <code title={path} className="font-mono text-caption">
      <span className="text-text-2">{method}</span> {path}
    </code>
  ),
  width: "minmax(10rem, 1fr)",
};

const answer: RequestColumn = {
  name: "requests.answer",
  header: m.visitors_log_answer,
  cell: (request) => <Answer request={request} />,
  width: "12.5rem",
};

const bytes: RequestColumn = {
  name: "requests.bytes",
  header: m.visitors_log_bytes,
  cell: (request) =>
    request.bytes === 0 ? <span className="text-text-3">–</span> : formatBytes(request.bytes),
  width: "5.5rem",
  align: "right",
};

const buyer: RequestColumn = {
  name: "requests.buyer",
  header: m.visitors_log_buyer,
  cell: (request) => <Buyer request={request} />,
  width: "9rem",
};

const address: RequestColumn = {
  name: "requests.address",
  header: m.visitors_log_address,
  cell: (request) => (
    <code title={request.address ?? ""} className="font-mono text-caption">
      {request.address}
    </code>
  ),
  width: "9rem",
};

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
