import { Link } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { Fragment, type ReactNode, useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { Button, buttonLook } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { TimeAgo } from "../../ui/TimeAgo";
import { Came } from "./Came";
import { Cover } from "./Cover";
import { EditSaid } from "./EditSaid";
import { Facts } from "./Facts";
import { useToken } from "./useToken";
import { modeWord, ownedWords } from "./words";

/** What it earned and on which terms it is sold. Settled and pending money are never added up. */
export function EndpointOverview({ endpoint }: { endpoint: EndpointView }) {
  const { token } = useToken();
  const isEach = endpoint.content.kind === "folder" && endpoint.content.soldAs === "files";
  const { id, sales, settled, pending, formatted, mode, ownedFor, payTo, createdAt, priceVersion } = endpoint;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-3">
        <dl className="grid grid-cols-3 rounded-card border">
          <Figure name={m.endpoints_sales()}>{formatCount(sales)}</Figure>
          <Figure name={m.endpoints_settled()}>
            <Money value={settled.formatted} token={token} className="whitespace-normal" />
          </Figure>
          <Figure name={m.endpoints_pending()}>
            <Money value={pending.formatted} token={token} className="whitespace-normal" />
          </Figure>
        </dl>
        <dl className="grid grid-cols-3 rounded-card border">
          <Figure name={m.endpoints_today_settled()}>
            <Money value={endpoint.settledToday.formatted} token={token} className="whitespace-normal" />
          </Figure>
          <Figure name={m.endpoints_week_settled()}>
            <Money value={endpoint.settledWeek.formatted} token={token} className="whitespace-normal" />
          </Figure>
          <Figure name={m.endpoints_month_settled()}>
            <Money value={endpoint.settledMonth.formatted} token={token} className="whitespace-normal" />
          </Figure>
        </dl>
        <Link to="/payments" search={{ endpoint: id }} className={buttonLook({ size: "sm" })}>
          {m.endpoints_payments()}
        </Link>
      </div>
      <Came endpoint={endpoint} />
      <Said endpoint={endpoint} />
      <Cover endpoint={endpoint} />
      <section>
        <h3 className="font-medium">{m.endpoints_terms()}</h3>
        <Facts
          facts={[
            [
              isEach ? m.endpoints_field_price_each() : m.endpoints_price(),
              <Money key="price" value={formatted} token={token} withToken />,
            ],
            [
              m.endpoints_mode(),
              <Fragment key="mode">
                {modeWord(mode)}
                <span className="block text-caption text-text-2">
                  {mode === "instant" ? m.endpoints_instant_text() : m.endpoints_batched_text()}
                </span>
              </Fragment>,
            ],
            [m.endpoints_owned(), ownedWords(ownedFor)],
            [
              m.endpoints_pay_to(),
              <Address key="to" value={payTo} what={m.endpoints_pay_to_what()} head={8} tail={6} />,
            ],
            [m.endpoints_since(), <TimeAgo key="since" at={createdAt} />],
            [m.endpoints_versions(), formatCount(priceVersion - 1)],
          ]}
        />
      </section>
    </div>
  );
}

/** What buyers read of it before they pay. */
function Said({ endpoint }: { endpoint: EndpointView }) {
  const { description, listed, state } = endpoint;
  const [isEditing, setIsEditing] = useState(false);
  return (
    <section className="flex flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-medium">{m.endpoints_field_description()}</h3>
        {state !== "removed" && (
          <Button size="sm" icon={Pencil} onClick={() => setIsEditing(true)}>
            {m.endpoints_edit()}
          </Button>
        )}
      </div>
      {description === "" ? (
        <p className="text-text-2">{m.endpoints_description_none()}</p>
      ) : (
        <p dir="auto" className="break-words whitespace-pre-line">
          {description}
        </p>
      )}
      {!listed && <p className="text-caption text-text-2">{m.endpoints_unlisted()}</p>}
      <EditSaid endpoint={endpoint} open={isEditing} onOpenChange={setIsEditing} />
    </section>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0 border-r px-3 py-2 break-words last:border-r-0">
      <dt className="text-caption text-text-2">{name}</dt>
      <dd className="text-section tabular-nums">{children}</dd>
    </div>
  );
}
