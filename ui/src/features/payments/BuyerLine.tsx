import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePlatform } from "../../api/platform-context";
import { payerQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { StandingBadge } from "../../ui/StandingBadge";

const linkLook = "underline underline-offset-2";

/** How far the buyer is trusted, the way to everything about them, and to selling them nothing any more. */
export function BuyerLine({ payer }: { payer: string }) {
  const { data } = useQuery(payerQuery(usePlatform(), payer));
  const isBlocked = data?.standing === "blocked";
  return (
    <p className="mt-1 flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1">
      {data !== undefined && data.standing !== "normal" && (
        <>
          <StandingBadge standing={data.standing} />
          <span className="w-full text-text-2">{data.standingSentence}</span>
        </>
      )}
      <Link to="/buyers/$buyer" params={{ buyer: payer }} className={`text-accent-text ${linkLook}`}>
        {m.payments_buyer_open()}
      </Link>
      {data !== undefined && !isBlocked && (
        <Link to="." search={(known) => ({ ...known, block: payer })} className={`text-failed ${linkLook}`}>
          {m.payments_buyer_block()}
        </Link>
      )}
    </p>
  );
}
