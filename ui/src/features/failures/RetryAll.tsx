import { RotateCw } from "lucide-react";
import type { FailureView } from "../../api/generated/FailureView";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { useAsk } from "./asking";

/** Tries again whatever of these can be; nothing where that is nothing. */
export function RetryAll({ failures }: { failures: readonly FailureView[] }) {
  const ask = useAsk();
  const able = failures.filter(({ actions }) => actions.includes("retry_now"));
  if (able.length < 2) {
    return null;
  }
  return (
    <Button size="sm" icon={RotateCw} onClick={() => ask({ action: "retry_now", failures: able })}>
      {m.failures_retry_all({ number: formatCount(able.length) })}
    </Button>
  );
}
