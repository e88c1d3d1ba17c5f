import type { ExposureShareView } from "../../../api/generated/ExposureShareView";
import type { ExposureView } from "../../../api/generated/ExposureView";
import type { MoneyView } from "../../../api/generated/MoneyView";
import type { StatusView } from "../../../api/generated/StatusView";
import { m } from "../../../i18n/messages";
import { duration } from "../../../lib/time";
import { Meter } from "../../../ui/Meter";
import { Money } from "../../../ui/Money";
import { TimeAgo } from "../../../ui/TimeAgo";

/** How much of each cap is used, in figures and as bars. */
export function Shares({ view, status }: { view: ExposureView; status: StatusView }) {
  const { caps, total, networks } = view;
  const oldest = networks.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [Date.parse(oldestAt)]));
  return (
    <>
      <ul className="mt-2 flex flex-col gap-3">
        <Share name={m.exposure_cap_total()} share={total} />
        {networks.map((share) => (
          <Share
            key={share.network}
            name={status.networks.find(({ network }) => network === share.network)?.title ?? share.network}
            share={share}
          />
        ))}
      </ul>
      <dl className="mt-4 grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1 border-t pt-3">
        <Limit name={m.exposure_cap_payer()} cap={caps.perPayer} />
        <Limit name={m.exposure_cap_new()} cap={caps.perNewPayer} />
        <Limit name={m.exposure_cap_sale()} cap={caps.perSale} />
        <dt className="text-text-2">{m.exposure_cap_oldest()}</dt>
        <dd className="text-right">
          {caps.oldestSeconds === null ? <Uncapped /> : duration(caps.oldestSeconds * 1000)}
        </dd>
        {oldest.length > 0 && (
          <>
            <dt className="text-text-2">{m.exposure_oldest()}</dt>
            <dd className="text-right">
              <TimeAgo at={Math.min(...oldest)} />
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

function Share({
  name,
  share: { formatted, cap, sharePercent },
}: {
  name: string;
  share: ExposureShareView;
}) {
  return (
    <li>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="text-text-2">{name}</span>
        <span className="flex flex-wrap items-baseline justify-end gap-x-1.5">
          <Money value={formatted} className="font-medium" />
          {cap === null ? (
            <Uncapped />
          ) : (
            <span className="text-text-2">
              {m.exposure_of()} <Money value={cap.formatted} />
            </span>
          )}
        </span>
      </div>
      {sharePercent !== null && <Meter label={name} percent={sharePercent} className="mt-1.5" />}
    </li>
  );
}

function Limit({ name, cap }: { name: string; cap: MoneyView | null }) {
  return (
    <>
      <dt className="text-text-2">{name}</dt>
      <dd className="text-right">{cap === null ? <Uncapped /> : <Money value={cap.formatted} />}</dd>
    </>
  );
}

function Uncapped() {
  return <span className="text-text-2">{m.exposure_uncapped()}</span>;
}
