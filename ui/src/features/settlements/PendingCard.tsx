import { useQuery } from "@tanstack/react-query";
import { common } from "../../api/networks";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { useAmountText } from "../../ui/amounts";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { Figure } from "./Figure";

/** What is signed and not on chain. */
export function PendingCard() {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const amount = useAmountText();
  if (status === undefined) {
    return (
      <Figure label={m.settlements_pending()}>
        <Skeleton className="my-1 h-7 w-32" />
      </Figure>
    );
  }
  const { payments, formatted } = status.money.pending;
  const underWay = status.totals.find(({ state }) => state === "settling");
  return (
    <Figure
      label={m.settlements_pending()}
      note={
        payments === 0 ? (
          m.settlements_pending_none()
        ) : (
          <>
            {m.settlements_payments({ count: payments })}
            {underWay !== undefined && (
              <> · {m.settlements_pending_under_way({ amount: amount(underWay.formatted) })}</>
            )}
          </>
        )
      }
    >
      <Money value={formatted} token={common(status.networks, ({ asset }) => asset?.name)} figure="money" />
    </Figure>
  );
}
