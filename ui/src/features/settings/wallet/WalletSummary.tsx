import { Link } from "@tanstack/react-router";
import type { StatusView } from "../../../api/generated/StatusView";
import { m } from "../../../i18n/messages";
import { Address } from "../../../ui/Address";
import { buttonLook } from "../../../ui/Button";
import { Row, Section } from "../Section";
import { WalletBadge } from "./WalletBadge";

/** The wallet that pays for settlement, at a glance. */
export function WalletSummary({ status: { gasWallet } }: { status: StatusView }) {
  const state = gasWallet === null ? "none" : gasWallet.locked ? "locked" : "unlocked";
  return (
    <Section anchor="wallet" title={m.wallet_title()} text={m.settings_wallet_text()}>
      <Row
        title={
          gasWallet === null ? (
            m.wallet_none_title()
          ) : (
            <Address value={gasWallet.address} what={m.wallet_address_what()} />
          )
        }
        control={<WalletBadge state={state} />}
      />
      <Row>
        <Link
          to="/settings/wallet"
          className={buttonLook({ size: "sm", variant: gasWallet === null ? "primary" : "secondary" })}
        >
          {m.settings_wallet_open()}
        </Link>
      </Row>
    </Section>
  );
}
