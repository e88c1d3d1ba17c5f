import { TriangleAlert } from "lucide-react";
import type { HoldingView } from "../../../api/generated/HoldingView";
import type { WalletView } from "../../../api/generated/WalletView";
import { m } from "../../../i18n/messages";
import { formatCoin, shortCoin } from "../../../lib/coin";
import { formatDecimal } from "../../../lib/money";
import { cn } from "../../../ui/cn";
import { useSurroundings } from "../../../ui/surroundings";
import { Row, Section } from "../Section";

/** What the wallet holds on each network, and what that means for somebody who got its key. */
export function Holdings({ wallet: { holdings, mostToLose, isPayout } }: { wallet: WalletView }) {
  const { amountsHidden } = useSurroundings();
  return (
    <Section title={m.wallet_holdings()} text={m.wallet_holdings_text()}>
      <Row>
        {holdings.length === 0 ? (
          <p className="text-text-2">{m.wallet_holdings_unknown()}</p>
        ) : (
          <table className="w-full">
            <thead>
              <tr className="border-b text-caption text-text-2">
                <th scope="col" className="pb-1.5 text-left font-medium">
                  {m.wallet_column_network()}
                </th>
                <th scope="col" className="pb-1.5 pl-4 text-right font-medium">
                  {m.wallet_column_gas()}
                </th>
                <th scope="col" className="pb-1.5 pl-4 text-right font-medium">
                  {m.wallet_column_token()}
                </th>
              </tr>
            </thead>
            <tbody className="divide-y">
              {holdings.map((holding) => (
                <Holding key={holding.network} holding={holding} hidden={amountsHidden} />
              ))}
            </tbody>
          </table>
        )}
      </Row>
      {mostToLose !== null && (
        <Row title={m.wallet_most()}>
          <p className={cn("flex gap-2", isPayout ? "text-failed" : "text-text-2")}>
            {isPayout && <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />}
            <span className="min-w-0 break-words">{amountsHidden ? m.wallet_most_hidden() : mostToLose}</span>
          </p>
        </Row>
      )}
    </Section>
  );
}

interface HoldingProps {
  holding: HoldingView;
  hidden: boolean;
}

function Holding({ holding, hidden }: HoldingProps) {
  const { title, balanceFormatted, nativeSymbol, token, tokenName } = holding;
  return (
    <tr>
      <th scope="row" className="py-1.5 text-left font-normal">
        {title}
      </th>
      <Figure hidden={hidden} exact={`${formatCoin(balanceFormatted)} ${nativeSymbol}`}>
        {`${shortCoin(balanceFormatted, "down")} ${nativeSymbol}`}
      </Figure>
      <Figure hidden={hidden} exact={`${formatDecimal(token.formatted)} ${tokenName}`}>
        {`${formatDecimal(token.formatted)} ${tokenName}`}
      </Figure>
    </tr>
  );
}

interface FigureProps {
  hidden: boolean;
  /** All of its digits, told on hover. */
  exact: string;
  children: string;
}

function Figure({ hidden, exact, children }: FigureProps) {
  return (
    <td title={hidden ? undefined : exact} className="py-1.5 pl-4 text-right tabular-nums">
      {hidden ? (
        <>
          <span aria-hidden>••••</span>
          <span className="sr-only">{m.ui_amount_hidden()}</span>
        </>
      ) : (
        children
      )}
    </td>
  );
}
