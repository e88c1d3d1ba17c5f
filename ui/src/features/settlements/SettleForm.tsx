import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { previewQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton } from "../../ui/Skeleton";
import { useSettleLabel } from "./amounts";
import { Exclusions } from "./Exclusions";
import { Hindered, NotBegun } from "./Hindered";
import { SettleTerms } from "./SettleTerms";
import { UnsettledDialog } from "./Unsettled";
import { useConfirm } from "./useConfirm";

interface Props {
  onClose(): void;
  /** Batches have begun. */
  onBegun(batches: number[]): void;
}

/** What settling now would do and cost, and the one button that does it. Appears anew at each opening. */
export function SettleForm({ onClose, onBegun }: Props) {
  const platform = usePlatform();
  const label = useSettleLabel();
  const query = useQuery(previewQuery(platform));
  const { data: status } = useQuery(statusQuery(platform));
  const { agreed, error, hindered, begun, press } = useConfirm(onBegun, onClose);
  const shell = { open: true, onOpenChange: (open: boolean) => open || onClose(), wide: true };

  if (begun !== null) {
    const ids = begun.items.map(({ id }) => id);
    return <UnsettledDialog begun={begun} onClose={onClose} onShow={() => onBegun(ids)} />;
  }
  // What was agreed to stays in sight, whatever changes while it is begun.
  const preview = agreed ?? query.data;
  if (agreed === null && query.error !== null) {
    return (
      <AlertDialog
        {...shell}
        title={m.settlements_dialog_title_plain()}
        description={m.settlements_dialog_text_nothing()}
        dismiss={m.settlements_dialog_close()}
        confirm={null}
      >
        <ErrorState error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      </AlertDialog>
    );
  }
  if (preview === undefined) {
    return (
      <AlertDialog
        {...shell}
        title={m.settlements_dialog_title_plain()}
        description={m.settlements_dialog_text_loading()}
        confirm={
          <Button variant="primary" disabled>
            {m.settlements_settle_hidden()}
          </Button>
        }
      >
        <div aria-busy className="flex flex-col gap-3">
          {["w-24", "w-40", "w-56", "w-32", "w-64"].map((width) => (
            <div key={width} className="flex min-h-8 items-center justify-between gap-4">
              <Skeleton className="w-20" />
              <Skeleton className={width} />
            </div>
          ))}
        </div>
      </AlertDialog>
    );
  }
  const held = [...new Set([...preview.hindered, ...hindered])];
  if (preview.count === 0) {
    const isUnderWay = preview.exclusions.length === 0 && (status?.money.pending.payments ?? 0) > 0;
    return (
      <AlertDialog
        {...shell}
        title={m.settlements_dialog_title_plain()}
        description={m.settlements_dialog_text_nothing()}
        dismiss={m.settlements_dialog_close()}
        confirm={null}
      >
        <EmptyState
          icon={CircleCheck}
          title={m.settlements_dialog_nothing_title()}
          text={
            preview.exclusions.length > 0
              ? m.settlements_dialog_nothing_good()
              : isUnderWay
                ? m.settlements_dialog_under_way()
                : m.settlements_dialog_nothing()
          }
        />
        <Exclusions items={preview.exclusions} />
      </AlertDialog>
    );
  }
  return (
    <AlertDialog
      {...shell}
      title={m.settlements_dialog_title({ count: preview.count })}
      description={m.settlements_dialog_text({ count: preview.batches })}
      {...(agreed !== null && { dismiss: m.settlements_dialog_close() })}
      confirm={
        <Button
          variant="primary"
          loading={agreed !== null}
          disabled={preview.hindered.length > 0}
          onClick={() => press(preview)}
        >
          {label(preview.formatted)}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        {preview.networks
          .filter(({ count }) => count > 0)
          .map((network) => (
            <SettleTerms key={network.network} preview={network} />
          ))}
        <Exclusions items={preview.exclusions} />
        <Hindered sentences={held} />
        {agreed === null && error !== null && <NotBegun error={error} />}
        <p className="text-caption text-text-2">{m.settlements_dialog_calm()}</p>
      </div>
    </AlertDialog>
  );
}
