import { useQuery } from "@tanstack/react-query";
import { useNetworks } from "../../api/network-names";
import { usePlatform } from "../../api/platform-context";
import { payerQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { Address } from "../../ui/Address";
import { announce } from "../../ui/announce";
import { Drawer } from "../../ui/Drawer";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton } from "../../ui/Skeleton";
import { StandingBadge, standingWord } from "../../ui/StandingBadge";
import { BuyerActions } from "./BuyerActions";
import { BuyerCredit } from "./BuyerCredit";
import { BuyerMoney } from "./BuyerMoney";
import { BuyerPayments } from "./BuyerPayments";
import { BuyerStanding } from "./BuyerStanding";
import { isSame, useListed, useOpenBuyer } from "./open";

const ADDRESS = /^0x[0-9a-f]{40}$/i;

/** One buyer beside the list. */
export function BuyerDrawer({ buyer: payer }: { buyer: string }) {
  const { data: buyer, error, refetch, isFetching } = useQuery(payerQuery(usePlatform(), payer));
  const listed = useListed();
  const { open, close } = useOpenBuyer();
  const { addressPage } = useNetworks();
  const row = listed.find((other) => isSame(other.payer, payer));
  const standing = buyer?.standing ?? row?.standing;
  // Nobody paid from there, but it can be blocked all the same.
  const isNew = error?.code === "not_found" && ADDRESS.test(payer);

  // Rows of the same buyer are one record here.
  const names = [...new Set(listed.map((other) => other.payer))];
  const place = names.findIndex((name) => isSame(name, payer));
  const move = (step: 1 | -1) => {
    const next = names[place + step];
    const known = listed.find((other) => other.payer === next);
    if (next !== undefined && known !== undefined) {
      open(next);
      announce(m.buyers_shown({ address: shorten(next), standing: standingWord(known.standing) }));
    }
  };
  const network = buyer?.tokens[0]?.network ?? row?.network ?? null;

  return (
    <Drawer
      title={m.buyers_drawer()}
      subtitle={
        <div className="mt-1 flex flex-col items-start gap-1.5">
          <Address
            value={payer}
            what={m.buyers_address()}
            head={14}
            tail={12}
            explorer={network === null ? null : addressPage(network, payer)}
          />
          {(standing !== undefined || isNew) && <StandingBadge standing={standing ?? "normal"} />}
        </div>
      }
      onClose={close}
      onMove={place >= 0 && names.length > 1 ? move : undefined}
      footer={
        standing !== undefined || isNew ? (
          <BuyerActions key={payer} payer={payer} standing={standing ?? "normal"} />
        ) : undefined
      }
    >
      {buyer !== undefined ? (
        <>
          <BuyerStanding buyer={buyer} />
          <BuyerMoney tokens={buyer.tokens} />
          <BuyerCredit buyer={buyer} />
          <BuyerPayments payer={payer} />
        </>
      ) : isNew ? (
        <p className="text-text-2">{m.buyers_unknown()}</p>
      ) : error !== null ? (
        <ErrorState
          error={error}
          title={m.buyers_missing_title()}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      ) : (
        <div className="flex flex-col gap-4 py-1">
          <Skeleton className="h-4 w-56" />
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-4 w-48" />
        </div>
      )}
    </Drawer>
  );
}
