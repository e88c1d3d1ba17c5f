import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ChecklistItem } from "../../../api/generated/ChecklistItem";
import { useNetwork } from "../../../api/networks";
import { payoutsQuery } from "../../../api/payouts";
import { usePlatform } from "../../../api/platform-context";
import { statusQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button, buttonLook } from "../../../ui/Button";
import { PayoutDialog } from "../payout/PayoutDialog";
import { VerifyDialog } from "../payout/VerifyDialog";

interface Props {
  item: ChecklistItem;
  /** Whether it is what is best done now. */
  isNext: boolean;
}

/** What takes one step of the list. */
export function StepAction({ item: { item, network, address }, isNext }: Props) {
  const look = buttonLook({ variant: isNext ? "primary" : "secondary", size: "sm" });
  switch (item) {
    case "node":
      return network === null ? (
        <Link to="/settings/networks" className={look}>
          {m.live_do_network()}
        </Link>
      ) : (
        <Link to="/settings/networks/$network" params={{ network }} className={look}>
          {m.live_do_node()}
        </Link>
      );
    case "payout":
      return network === null ? (
        <Link to="/settings/networks" className={look}>
          {m.live_do_network()}
        </Link>
      ) : (
        <PayoutAction network={network} isNext={isNext} />
      );
    case "gas":
      return (
        <Link to="/settings/wallet" className={look}>
          {address === null ? m.live_do_wallet() : m.live_do_wallet_show()}
        </Link>
      );
    case "reach":
      return (
        <Link to="/settings/reach" className={look}>
          {m.live_do_reach()}
        </Link>
      );
    case "first_sale":
      return (
        <Link to="/endpoints" search={{ add: true }} className={look}>
          {m.live_do_price()}
        </Link>
      );
  }
}

/** Says where the money goes, or shows that the address is the seller's. */
function PayoutAction({ network: id, isNext }: { network: string; isNext: boolean }) {
  const platform = usePlatform();
  const { data } = useQuery(payoutsQuery(platform));
  const { data: status } = useQuery(statusQuery(platform));
  const network = useNetwork(id);
  const [isOpen, setOpen] = useState(false);
  const payout = data?.items.find((other) => other.network === id);
  const shut = () => setOpen(false);
  if (network === undefined || payout === undefined) {
    return null;
  }
  return (
    <>
      <Button variant={isNext ? "primary" : "secondary"} size="sm" onClick={() => setOpen(true)}>
        {payout.payTo === null ? m.settings_payout_set() : m.settings_verify_open()}
      </Button>
      {payout.payTo === null ? (
        <PayoutDialog
          network={network}
          gasWallet={status?.gasWallet?.address ?? null}
          open={isOpen}
          onClose={shut}
        />
      ) : (
        <VerifyDialog payout={payout} open={isOpen} onClose={shut} />
      )}
    </>
  );
}
