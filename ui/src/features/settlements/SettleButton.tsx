import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { StatusView } from "../../api/generated/StatusView";
import { usePlatform } from "../../api/platform-context";
import { previewQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { useSettleLabel } from "./amounts";

/** Opens the dialog that settles. It says how much, or why nothing can be settled now. */
export function SettleButton() {
  const platform = usePlatform();
  const navigate = useNavigate();
  const label = useSettleLabel();
  const { data: preview, error } = useQuery(previewQuery(platform));
  const { data: status } = useQuery(statusQuery(platform));
  const reason =
    error?.message ??
    preview?.hindered[0] ??
    (preview === undefined ? m.settlements_reason_loading() : null) ??
    (preview?.count === 0 ? whyNothing(preview.exclusions.length, status) : null);
  return (
    <Button
      variant="primary"
      reason={reason}
      onClick={() => void navigate({ to: ".", search: (known) => ({ ...known, settle: true }) })}
    >
      {preview === undefined || preview.count === 0
        ? m.settlements_settle_hidden()
        : label(preview.formatted)}
    </Button>
  );
}

function whyNothing(excluded: number, status: StatusView | undefined): string {
  if (excluded > 0) {
    return m.settlements_reason_none();
  }
  return (status?.money.pending.payments ?? 0) > 0
    ? m.settlements_reason_under_way()
    : m.settlements_reason_nothing();
}
