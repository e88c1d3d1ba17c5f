import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { StandingDialog } from "./StandingDialog";

/** The dialog that blocks a buyer, over whatever page is shown. The address says whom. */
export function BlockDialog() {
  const navigate = useNavigate();
  const { block } = useSearch({ strict: false });
  const [last, setLast] = useState(block);
  // While it closes it still says about whom it was.
  if (block !== undefined && block !== last) {
    setLast(block);
  }
  if (last === undefined) {
    return null;
  }
  return (
    <StandingDialog
      key={last}
      payer={last}
      to="blocked"
      open={block !== undefined}
      onClose={() =>
        void navigate({ to: ".", search: (known) => ({ ...known, block: undefined }), replace: true })
      }
    />
  );
}
