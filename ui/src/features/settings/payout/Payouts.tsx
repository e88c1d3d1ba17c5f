import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { NetworkView } from "../../../api/generated/NetworkView";
import type { PayoutView } from "../../../api/generated/PayoutView";
import type { StatusView } from "../../../api/generated/StatusView";
import { payoutsQuery } from "../../../api/payouts";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { addressPage } from "../../../lib/explorer";
import { Address } from "../../../ui/Address";
import { Button, buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";
import { PayoutDialog } from "./PayoutDialog";
import { VerifiedBadge } from "./VerifiedBadge";
import { VerifyDialog } from "./VerifyDialog";

/** Where the money goes, on each network. */
export function Payouts({ status }: { status: StatusView }) {
  const { data } = useQuery(payoutsQuery(usePlatform()));
  const gasWallet = status.gasWallet?.address ?? null;
  return (
    <Section anchor="payout" title={m.settings_payout()} text={m.settings_payout_text()}>
      {status.networks.length === 0 && (
        <Row title={m.settings_payout_none()} text={m.settings_payout_first_network()}>
          <Link to="/settings/networks" className={`mt-2 ${buttonLook({ variant: "primary" })}`}>
            {m.settings_network_open()}
          </Link>
        </Row>
      )}
      {status.networks.map((network) => (
        <Payout
          key={network.network}
          network={network}
          payout={data?.items.find((other) => other.network === network.network)}
          gasWallet={gasWallet}
        />
      ))}
    </Section>
  );
}

interface Props {
  network: NetworkView;
  /** What is known of the address; undefined while it is not loaded. */
  payout: PayoutView | undefined;
  gasWallet: string | null;
}

function Payout({ network, payout, gasWallet }: Props) {
  const [open, setOpen] = useState<"change" | "verify" | null>(null);
  const { title, payTo } = network;
  const shut = () => setOpen(null);
  return (
    <Row
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          {m.settings_payout_on({ network: title })}
          {payout !== undefined && payTo !== null && <VerifiedBadge payout={payout} />}
        </span>
      }
      control={
        <div className="flex flex-wrap gap-2">
          {payout?.verified === false && payTo !== null && (
            <Button onClick={() => setOpen("verify")}>{m.settings_verify_open()}</Button>
          )}
          <Button variant={payTo === null ? "primary" : "secondary"} onClick={() => setOpen("change")}>
            {payTo === null ? m.settings_payout_set() : m.settings_payout_change()}
          </Button>
        </div>
      }
    >
      {payTo === null ? (
        <p className="mt-1 text-failed">{m.settings_payout_none()}</p>
      ) : (
        <div className="mt-1 flex flex-wrap items-center gap-x-4">
          <Address
            full
            value={payTo}
            what={m.settings_payout_what()}
            explorer={addressPage(network, payTo)}
          />
          <span className="text-caption text-text-2">
            {m.settings_payout_ends()}{" "}
            <code className="font-mono font-medium text-text">{payTo.slice(-6)}</code>
          </span>
        </div>
      )}
      <PayoutDialog network={network} gasWallet={gasWallet} open={open === "change"} onClose={shut} />
      {payout !== undefined && payTo !== null && (
        <VerifyDialog payout={payout} open={open === "verify"} onClose={shut} />
      )}
    </Row>
  );
}
