import { useState } from "react";
import type { NetworkView } from "../../api/generated/NetworkView";
import type { StatusView } from "../../api/generated/StatusView";
import { m } from "../../i18n/paraglide/messages";
import { addressPage } from "../../lib/explorer";
import { Address } from "../../ui/Address";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { networksOf } from "./networks";
import { PayoutForm } from "./PayoutForm";
import { Row, Section } from "./Section";

/** Where the money goes, on each network. */
export function Payouts({ status }: { status: StatusView }) {
  return (
    <Section title={m.settings_payout()} text={m.settings_payout_text()}>
      {networksOf(status).map((network) => (
        <Payout key={network.network} network={network} status={status} />
      ))}
    </Section>
  );
}

function Payout({ network, status }: { network: NetworkView; status: StatusView }) {
  const [isOpen, setOpen] = useState(false);
  const { title, payTo, rpcUrl } = network;
  const isFirst = payTo === null;
  return (
    <Row
      title={m.settings_payout_on({ network: title })}
      control={
        <Button
          reason={rpcUrl === null ? m.settings_payout_first_node() : null}
          variant={isFirst ? "primary" : "secondary"}
          onClick={() => setOpen(true)}
        >
          {isFirst ? m.settings_payout_set() : m.settings_payout_change()}
        </Button>
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
            explorer={addressPage(status.environment, network.network, payTo)}
          />
          <span className="text-caption text-text-2">
            {m.settings_payout_ends()}{" "}
            <code className="font-mono font-medium text-text">{payTo.slice(-6)}</code>
          </span>
        </div>
      )}
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        wide
        title={isFirst ? m.settings_payout_title_set() : m.settings_payout_title()}
        description={
          isFirst
            ? m.settings_payout_dialog_set({ network: title })
            : m.settings_payout_dialog({ network: title })
        }
      >
        <PayoutForm
          network={network}
          gasWallet={status.gasWallet?.address ?? null}
          onDone={() => setOpen(false)}
        />
      </Dialog>
    </Row>
  );
}
