import { useQuery } from "@tanstack/react-query";
import { refundPlanQuery } from "../../api/books";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { Address } from "../../ui/Address";
import { CopyButton } from "../../ui/CopyButton";
import { Money } from "../../ui/Money";
import { QrCode } from "../../ui/QrCode";
import { Refusal } from "../../ui/Refusal";
import { Skeleton } from "../../ui/Skeleton";
import { Fact, Facts } from "./Facts";

interface Props {
  payment: PaymentView;
  /** Null for all that is left of it. */
  amount: string | null;
}

/** What the seller's wallet has to send, as a code that wallets read and to the letter. */
export function RefundTransfer({ payment, amount }: Props) {
  const { title, token, addressPage } = useNetworks();
  const { data: plan, error } = useQuery(refundPlanQuery(usePlatform(), payment.id, amount));
  if (error !== null) {
    return <Refusal title={m.payments_refund_not()} error={error} />;
  }
  if (plan === undefined) {
    return <Skeleton className="h-36 w-full" />;
  }
  return (
    <div className="flex flex-wrap items-start gap-4">
      <div className="flex flex-col items-center gap-2">
        <QrCode value={plan.link} label={m.payments_refund_qr()} size={128} />
        <CopyButton text={plan.link} label={m.payments_refund_copy()} />
      </div>
      <div className="min-w-0 flex-1 basis-64">
        <Facts>
          <Fact name={m.payments_refund_send()}>
            <Money value={plan.formatted} token={token(plan.network)} withToken className="font-medium" />
          </Fact>
          <Fact name={m.payments_refund_to()}>
            <Address
              full
              value={plan.to}
              what={m.payments_buyer()}
              explorer={addressPage(plan.network, plan.to)}
            />
          </Fact>
          <Fact name={m.payments_refund_on()}>{title(plan.network)}</Fact>
          <Fact name={m.payments_refund_token()}>
            <Address full value={plan.asset} what={m.payments_technical_asset_what()} />
          </Fact>
          {plan.givenBack.amount !== "0" && (
            <Fact name={m.payments_refund_before()}>
              <Money value={plan.givenBack.formatted} />
            </Fact>
          )}
        </Facts>
      </div>
    </div>
  );
}
