import { ChevronRight } from "lucide-react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { absoluteTime } from "../../lib/time";
import { Address } from "../../ui/Address";
import { CopyButton } from "../../ui/CopyButton";
import { Countdown } from "../../ui/Countdown";
import { useNow } from "../../ui/now";
import { Fact, Facts } from "./Facts";

/** What the buyer signed, to the letter. Closed until somebody wants it. */
export function Technical({ payment }: { payment: PaymentView }) {
  const { title, addressPage } = useNetworks();
  const { network, payer, payTo, asset } = payment;
  const end = payment.validBefore * 1000;
  const isOver = end <= useNow();
  return (
    <details className="group border-t py-3">
      <summary className="flex min-h-8 cursor-default list-none items-center gap-1.5 rounded-control text-caption font-medium text-text-2 hover:text-text">
        <ChevronRight
          aria-hidden
          className="size-3.5 transition-transform duration-120 group-open:rotate-90"
          strokeWidth={1.5}
        />
        {m.payments_section_technical()}
      </summary>
      <div className="flex flex-col items-start gap-3 pt-2 pb-1">
        <Facts>
          <Fact name={m.payments_technical_nonce()}>
            <Address value={payment.nonce} what={m.payments_technical_nonce_what()} full />
          </Fact>
          <Fact name={m.payments_technical_after()}>{absoluteTime(payment.validAfter * 1000, true)}</Fact>
          <Fact name={m.payments_technical_before()}>
            {absoluteTime(end, true)}{" "}
            {isOver ? (
              <span className="text-text-2">({m.payments_technical_ended()})</span>
            ) : (
              <span className="text-text-2">
                <Countdown end={end} always />
              </span>
            )}
          </Fact>
          <Fact name={m.payments_technical_from()}>
            <Address value={payer} what={m.payments_buyer()} full explorer={addressPage(network, payer)} />
          </Fact>
          <Fact name={m.payments_technical_to()}>
            <Address value={payTo} what={m.payments_payout()} full explorer={addressPage(network, payTo)} />
          </Fact>
          <Fact name={m.payments_technical_asset()}>
            <Address
              value={asset}
              what={m.payments_technical_asset_what()}
              full
              explorer={addressPage(network, asset)}
            />
          </Fact>
          <Fact name={m.payments_technical_network()}>
            {title(network)} <code className="font-mono text-caption text-text-2">{network}</code>
          </Fact>
          <Fact name={m.payments_technical_protocol()}>
            {m.payments_technical_protocol_value({ version: payment.protocol })}
          </Fact>
        </Facts>
        <CopyButton text={JSON.stringify(payment, null, 2)} label={m.payments_technical_raw()} />
      </div>
    </details>
  );
}
