import { Link } from "@tanstack/react-router";
import type { PaymentCostView } from "../../api/generated/PaymentCostView";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { Coin } from "../../ui/Coin";
import { Money } from "../../ui/Money";
import { BuyerLine } from "./BuyerLine";
import { batchOf } from "./batch";
import { Fact, Facts, Section } from "./Facts";

const linkLook = "text-accent-text underline underline-offset-2";

const DELIVERY: Record<string, () => string> = {
  waiting: m.payments_delivery_waiting,
  streaming: m.payments_delivery_streaming,
  delivered: m.payments_delivery_delivered,
  interrupted: m.payments_delivery_interrupted,
};

interface Props {
  payment: PaymentView;
  /** What settling it cost, where that is known. */
  cost: PaymentCostView | null;
}

/** Who paid, for what, how much, and what was delivered. */
export function PaymentFacts({ payment, cost }: Props) {
  const { addressPage } = useNetworks();
  return (
    <>
      <Section title={m.payments_section_buyer()}>
        <Address
          value={payment.payer}
          what={m.payments_buyer()}
          full
          explorer={addressPage(payment.network, payment.payer)}
        />
        <BuyerLine payer={payment.payer} />
      </Section>
      <Section title={m.payments_section_endpoint()}>
        <Link
          to="/endpoints/$endpoint"
          params={{ endpoint: payment.endpointId }}
          className={`break-words ${linkLook}`}
        >
          <bdi>{payment.endpointTitle}</bdi>
        </Link>
        {payment.file !== null && <bdi className="block break-words">{payment.file}</bdi>}
        <div className="font-mono text-caption break-all text-text-2">{payment.endpoint}</div>
      </Section>
      <MoneyFacts payment={payment} cost={cost} />
      <Section title={m.payments_section_delivery()}>
        <Facts>
          <Fact name={m.payments_delivery_state()}>{DELIVERY[payment.delivery]?.() ?? payment.delivery}</Fact>
          <Fact name={m.payments_delivery_bytes()}>{formatBytes(payment.bytesSent)}</Fact>
        </Facts>
      </Section>
    </>
  );
}

function MoneyFacts({ payment, cost }: Props) {
  const { token, addressPage, transactionPage } = useNetworks();
  const { network, block, transaction } = payment;
  const batch = batchOf(payment);
  return (
    <Section title={m.payments_section_money()}>
      <Facts>
        <Fact name={m.payments_money_amount()}>
          <Money value={payment.formatted} token={token(network)} withToken />
        </Fact>
        {cost !== null && (
          <Fact name={m.payments_money_cost()}>
            {cost.dollars !== null && <Money value={cost.dollars} />}{" "}
            <span className="text-text-2 tabular-nums">
              <Coin value={cost.coinAmount} symbol={cost.coin} rounding="up" />
            </span>
          </Fact>
        )}
        {cost !== null && cost.net !== null && (
          <Fact name={m.payments_money_net()}>
            <Money value={cost.net.formatted} className="font-medium" />
          </Fact>
        )}
        <Fact name={m.payments_money_mode()}>
          {payment.mode === "instant" ? m.payments_money_mode_instant() : m.payments_money_mode_batched()}
        </Fact>
        <Fact name={m.payments_money_to()}>
          <Address
            value={payment.payTo}
            what={m.payments_payout()}
            tail={6}
            explorer={addressPage(network, payment.payTo)}
          />
        </Fact>
        {batch !== null && (
          <Fact name={m.payments_money_batch()}>
            <Link to="/settlements/$batch" params={{ batch: String(batch) }} className={linkLook}>
              #{batch}
            </Link>
          </Fact>
        )}
        {transaction !== null && (
          <Fact name={m.payments_money_transaction()}>
            <Address
              value={transaction}
              what={m.payments_transaction()}
              explorer={transactionPage(network, transaction)}
            />
          </Fact>
        )}
        {block !== null && <Fact name={m.payments_money_block()}>{formatCount(block)}</Fact>}
      </Facts>
    </Section>
  );
}
