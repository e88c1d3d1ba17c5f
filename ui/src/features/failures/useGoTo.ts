import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Asked } from "./asking";

/** Goes where something is done that is not done here. Answers whether it was such a thing. */
export function useGoTo(): (asked: Asked) => boolean {
  const navigate = useNavigate();
  return useCallback(
    ({ action, failures }) => {
      switch (action) {
        case "raise_ceiling":
        case "check_node":
          void navigate({ to: "/settings" });
          return true;
        case "block_payer":
          void navigate({ to: ".", search: (known) => ({ ...known, block: failures[0]?.payer }) });
          return true;
        default:
          return false;
      }
    },
    [navigate],
  );
}
