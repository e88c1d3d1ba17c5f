import { Fuel } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import type { StatusView } from "../../api/generated/StatusView";
import { m } from "../../i18n/paraglide/messages";
import { addressPage } from "../../lib/explorer";
import { Address } from "../../ui/Address";
import { QrCode } from "../../ui/QrCode";
import { Group } from "./Group";

interface Props {
  item: AttentionView;
  status: StatusView | undefined;
}

/** The gas wallet cannot pay for the next settlement: where to send what it needs. */
export function GasGroup({ item, status }: Props) {
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
