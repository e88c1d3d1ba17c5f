import { useInfiniteQuery } from "@tanstack/react-query";
import { refundsQuery } from "../../api/books";
import { useNetworks } from "../../api/network-names";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { Address } from "../../ui/Address";
import { Money } from "../../ui/Money";
import { TimeAgo } from "../../ui/TimeAgo";
import { Section } from "./Facts";

/** What of a payment was given back; nothing where that is nothing. */
export function Refunds({ payment }: { payment: string }) {
  const networks = useNetworks();
  const { data } = useInfiniteQuery(refundsQuery(usePlatform(), payment));
  const refunds = data?.pages.flatMap(({ items }) => items) ?? [];
  if (refunds.length === 0) {
    return null;
  }
  return (
    <Section title={m.payments_section_refunds()}>
      <ul className="flex flex-col gap-2">
        {refunds.map(({ id, formatted, transaction, network, recordedAt, note }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4">
            <Money value={formatted} className="font-medium" />
            <Address
              value={transaction}
              what={m.payments_transaction()}
              explorer={networks.transactionPage(network, transaction)}
            />
            <TimeAgo at={recordedAt} className="text-text-2" />
            {note !== null && (
              <p className="w-full break-words text-text-2">
                <bdi>{note}</bdi>
              </p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
