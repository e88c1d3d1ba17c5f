import type { Answer } from "./ask";
import type { PageFacts } from "./contract";
import type { KeptGrant } from "./keep";
import { linkBelow } from "./links";

type Granted = Extract<Answer, { is: "grant" }>["grant"];

/** What is kept of a grant: only links that stay with this seller, and a grant's only where grants are. */
export function keepable(
  granted: Granted,
  { grantBase, receiptBase }: PageFacts,
  origin: string,
  payer: string | null,
  now: Date,
): KeptGrant {
  const files = granted.files
    .map((file) => ({ ...file, grant: linkBelow(file.grant, grantBase, origin) ?? "" }))
    .filter((file) => file.grant !== "");
  return {
    ...granted,
    grant: linkBelow(granted.grant, grantBase, origin) ?? "",
    receipt: linkBelow(granted.receipt, receiptBase, origin),
    status: linkBelow(granted.status, "/", origin),
    files,
    payer,
    since: now.getTime(),
  };
}
