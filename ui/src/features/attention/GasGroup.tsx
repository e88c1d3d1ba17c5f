import { Link } from "@tanstack/react-router";
import { Fuel, Lock } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import type { StatusView } from "../../api/generated/StatusView";
import { m } from "../../i18n/messages";
import { addressPage } from "../../lib/explorer";
import { Address } from "../../ui/Address";
import { buttonLook } from "../../ui/Button";
import { QrCode } from "../../ui/QrCode";
import { Group } from "./Group";

interface Props {
  item: AttentionView;
  status: StatusView | undefined;
}

/** The gas wallet is locked, or cannot pay for the next settlement: where to unlock it, and where to send what it needs. */
export function GasGroup({ item, status }: Props) {
  return item.action === "unlock_wallet" ? <Locked item={item} /> : <Low item={item} status={status} />;
}

function Locked({ item }: { item: AttentionView }) {
  return (
    <Group
      icon={Lock}
      tone="warning"
      title={m.attention_locked()}
      advice={<p>{item.sentence}</p>}
      actions={
        <Link to="/settings/wallet" className={buttonLook({ size: "sm" })}>
          {m.attention_locked_unlock()}
        </Link>
      }
    />
  );
}

function Low({ item, status }: Props) {
  const wallet = status?.gasWallet ?? null;
  const network = status?.networks.find((one) => one.network === item.network);
  const isPractice = status?.environment === "practice";
  return (
    <Group
      icon={Fuel}
      tone="warning"
      title={m.attention_gas()}
      advice={
        <>
          <p>{item.sentence}</p>
          {wallet !== null && (
            <p className="mt-1">
              {isPractice
                ? m.attention_gas_do_practice()
                : m.attention_gas_do({
                    coin: network?.coin ?? wallet.nativeSymbol,
                    network: network?.title ?? item.network,
                  })}
            </p>
          )}
        </>
      }
    >
      {wallet === null ? (
        <p className="text-text-2">{m.attention_gas_unknown()}</p>
      ) : (
        <div className="flex flex-wrap items-center gap-4">
          <QrCode value={wallet.address} label={m.attention_gas_qr()} size={112} />
          <div className="min-w-0 flex-1 basis-64">
            <p className="text-caption text-text-2">{m.attention_gas_wallet()}</p>
            <Address
              full
              value={wallet.address}
              what={m.attention_gas_address()}
              explorer={addressPage(network, wallet.address)}
            />
          </div>
        </div>
      )}
    </Group>
  );
}
