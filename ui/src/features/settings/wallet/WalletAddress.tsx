import { useNetworks } from "../../../api/networks";
import { m } from "../../../i18n/messages";
import { addressPage } from "../../../lib/explorer";
import { Address } from "../../../ui/Address";
import { QrCode } from "../../../ui/QrCode";
import { Row, Section } from "../Section";

interface Props {
  address: string;
  /** Nobody should send real money into practice, so it shows no code. */
  isPractice: boolean;
}

/** Where gas is sent to. */
export function WalletAddress({ address, isPractice }: Props) {
  // The same account on every network: any explorer shows it.
  const explored = useNetworks().find(({ explorer }) => explorer !== null);
  return (
    <Section title={m.wallet_address()} text={m.wallet_address_text()}>
      <Row>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-4">
          {!isPractice && <QrCode value={address} label={m.wallet_qr()} size={112} />}
          <div className="min-w-0 flex-1 basis-72">
            <Address
              full
              value={address}
              what={m.wallet_address_what()}
              explorer={addressPage(explored, address)}
            />
            <p className="mt-2 text-text-2">{isPractice ? m.wallet_fund_practice() : m.wallet_fund()}</p>
          </div>
        </div>
      </Row>
    </Section>
  );
}
