import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { StandingDialog } from "./StandingDialog";
import { useStanding } from "./useStanding";

/** What can be done about a buyer. What takes something away from nobody is done at once, with Undo. */
export function BuyerActions({ payer, standing }: { payer: string; standing: string }) {
  const navigate = useNavigate();
  const { change, isPending } = useStanding(payer);
  const [asks, setAsks] = useState(false);
  const toNormal = () => void change({ to: "normal", from: standing }, false);
  if (standing === "blocked") {
    // Whose payments came to nothing pays first again, as before the block.
    return (
      <Button loading={isPending} onClick={() => void change({ to: "unblocked", from: standing }, false)}>
        {m.buyers_unblock()}
      </Button>
    );
  }
  return (
    <>
      <Button
        variant="danger"
        onClick={() => void navigate({ to: ".", search: (known) => ({ ...known, block: payer }) })}
      >
        {m.buyers_block()}
      </Button>
      {standing === "trusted" && (
        <Button loading={isPending} onClick={toNormal}>
          {m.buyers_untrust()}
        </Button>
      )}
      {standing === "instant_only" && (
        <Button loading={isPending} onClick={toNormal}>
          {m.buyers_forgive()}
        </Button>
      )}
      {standing !== "trusted" && <Button onClick={() => setAsks(true)}>{m.buyers_trust()}</Button>}
      <StandingDialog payer={payer} to="trusted" open={asks} onClose={() => setAsks(false)} />
    </>
  );
}
