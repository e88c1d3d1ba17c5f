import type { ReactNode } from "react";
import type { AttemptView } from "../../api/generated/AttemptView";
import type { BatchDetailView } from "../../api/generated/BatchDetailView";
import type { NetworkView } from "../../api/generated/NetworkView";
import { useNetwork } from "../../api/networks";
import { m } from "../../i18n/messages";
import { fromWei } from "../../lib/coin";
import { transactionPage } from "../../lib/explorer";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { Card } from "../../ui/Card";
import { Coin } from "../../ui/Coin";
import { Moment } from "../../ui/Moment";
import { isOpen } from "./batch";

/** The signed transactions of a batch, oldest first. */
export function Attempts({ batch }: { batch: BatchDetailView }) {
  const network = useNetwork(batch.network);
  return (
    <Card title={m.settlements_attempts()} className="shrink-0">
      {batch.attempts.length === 0 ? (
        <p className="text-text-2">
          {isOpen(batch) ? m.settlements_attempts_soon() : m.settlements_attempts_none()}
        </p>
      ) : (
        <ul className="flex flex-col gap-4">
          {batch.attempts.map((attempt) => (
            <Attempt key={attempt.hash} attempt={attempt} network={network} />
          ))}
        </ul>
      )}
    </Card>
  );
}

interface AttemptProps {
  attempt: AttemptView;
  network: NetworkView | undefined;
}

function Attempt({ attempt, network }: AttemptProps) {
  const { hash, nonce, gasUsed, gasLimit, block, cost, sentAt } = attempt;
  return (
    <li className="flex flex-col gap-2">
      <Address
        value={hash}
        what={m.settlements_transaction()}
        full
        explorer={transactionPage(network, hash)}
      />
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-x-6 gap-y-2">
        <Fact name={m.settlements_attempt_sent()}>
          {sentAt === null ? m.settlements_attempt_unsent() : <Moment at={sentAt} />}
        </Fact>
        <Fact name={m.settlements_attempt_block()}>
          {block === null ? m.settlements_attempt_pending() : formatCount(block)}
        </Fact>
        <Fact name={m.settlements_attempt_fee()}>
          {cost === null ? (
            m.settlements_none()
          ) : (
            <Coin value={fromWei(cost)} symbol={network?.coin} rounding="up" />
          )}
        </Fact>
        <Fact name={m.settlements_attempt_gas()}>
          {gasUsed === null ? m.settlements_none() : formatCount(gasUsed)} / {formatCount(gasLimit)}
        </Fact>
        <Fact name={m.settlements_attempt_nonce()}>{nonce}</Fact>
      </dl>
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-caption text-text-2">{name}</dt>
      <dd className="tabular-nums break-words">{children}</dd>
    </div>
  );
}
