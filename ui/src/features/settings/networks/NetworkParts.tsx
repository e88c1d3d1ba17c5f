import { Link } from "@tanstack/react-router";
import { OctagonX } from "lucide-react";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import type { NetworkSetUp } from "../../../api/generated/NetworkSetUp";
import { m } from "../../../i18n/messages";
import { addressPage } from "../../../lib/explorer";
import { Address } from "../../../ui/Address";
import { Badge } from "../../../ui/Badge";
import { Checks } from "./Checks";
import { CoinPrice } from "./CoinPrice";
import { Rail } from "./facilitator/Rail";
import { GasOfADay } from "./GasOfADay";
import { Nodes } from "./Nodes";
import { Part } from "./Part";
import { TokenForm } from "./TokenForm";

interface Props {
  item: NetworkItem;
  setUp: NetworkSetUp;
  /** Whether it can be set up in another way: practice has a chain of its own. */
  isEditable: boolean;
}

/** A network that was set up: why it cannot be used, what was found on chain, its nodes, and the money. */
export function NetworkParts({ item, setUp, isEditable }: Props) {
  return (
    <div>
      {setUp.waitingFor !== null && (
        <div className="mb-4 flex gap-2.5 rounded-control bg-failed-soft px-3 py-2 text-failed">
          <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
          <p className="min-w-0 break-words">{setUp.waitingFor}</p>
        </div>
      )}
      <Part
        title={m.networks_money()}
        aside={
          <Link to="/settings" hash="payout" className="font-medium text-accent-text hover:underline">
            {setUp.payTo === null ? m.networks_pay_to_set() : m.networks_pay_to_change()}
          </Link>
        }
      >
        <dl className="grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] items-baseline gap-x-6 gap-y-2">
          <dt className="text-text-2">{m.networks_pay_to()}</dt>
          <dd>
            {setUp.payTo === null ? (
              <span className="text-failed">{m.networks_pay_to_none_long()}</span>
            ) : (
              <Address
                full
                value={setUp.payTo}
                what={m.settings_payout_what()}
                explorer={addressPage(item, setUp.payTo)}
              />
            )}
          </dd>
          <dt className="text-text-2">{m.networks_token()}</dt>
          <dd>
            {setUp.asset === null ? (
              <span className="text-text-2">{m.networks_token_unknown()}</span>
            ) : (
              <>
                <span className="mr-2">{setUp.asset.name}</span>
                <Address
                  value={setUp.asset.address}
                  what={m.networks_token_what()}
                  explorer={addressPage(item, setUp.asset.address)}
                />
                {!item.paidByDefault && (
                  <p className="text-caption text-text-2">{m.networks_token_unusual()}</p>
                )}
              </>
            )}
          </dd>
        </dl>
      </Part>
      <Checks item={item} setUp={setUp} />
      <Nodes item={item} setUp={setUp} isEditable={isEditable} />
      <Rail item={item} isEditable={isEditable} />
      <Part title={m.networks_facts()}>
        <ul className="flex flex-wrap gap-1.5">
          <li>
            <Badge>{setUp.single ? m.networks_single() : m.networks_together()}</Badge>
          </li>
          {setUp.finality !== null && (
            <li>
              <Badge>{finality(setUp.finality)}</Badge>
            </li>
          )}
          {item.v1Name !== null && (
            <li>
              <Badge>{m.networks_v1({ name: item.v1Name })}</Badge>
            </li>
          )}
        </ul>
      </Part>
      {item.coin !== null && <CoinPrice item={item} setUp={setUp} coin={item.coin} isEditable={isEditable} />}
      {item.coin !== null && <GasOfADay network={item.network} coin={item.coin} />}
      {isEditable && <TokenForm item={item} setUp={setUp} />}
    </div>
  );
}

function finality(word: string): string {
  switch (word) {
    case "finalized":
      return m.networks_finality_finalized();
    case "safe":
      return m.networks_finality_safe();
    default:
      return m.networks_finality_depth();
  }
}
