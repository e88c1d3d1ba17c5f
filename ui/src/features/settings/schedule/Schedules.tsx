import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ScheduleView } from "../../../api/generated/ScheduleView";
import type { StatusView } from "../../../api/generated/StatusView";
import { usePlatform } from "../../../api/platform-context";
import { schedulesQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { ErrorState } from "../../../ui/ErrorState";
import { Skeleton } from "../../../ui/Skeleton";
import { Row, Section } from "../Section";
import { ScheduleFacts } from "./ScheduleFacts";
import { ScheduleForm } from "./ScheduleForm";

/** When each network's queue is settled by itself. */
export function Schedules({ status }: { status: StatusView }) {
  const { data, error, refetch, isFetching } = useQuery(schedulesQuery(usePlatform()));
  return (
    <Section anchor="settling" title={m.schedule_title()} text={m.schedule_text()}>
      {data !== undefined ? (
        data.items.length === 0 ? (
          <Row text={m.schedule_none()} />
        ) : (
          data.items.map((view) => <Schedule key={view.network} view={view} status={status} />)
        )
      ) : (
        <Row>
          {error !== null ? (
            <ErrorState
              title={m.schedule_missing()}
              error={error}
              retrying={isFetching}
              onRetry={() => void refetch()}
            />
          ) : (
            <Skeleton className="h-28 w-full" />
          )}
        </Row>
      )}
    </Section>
  );
}

function Schedule({ view, status }: { view: ScheduleView; status: StatusView }) {
  const [isOpen, setOpen] = useState(false);
  const asset = status.networks.find(({ network }) => network === view.network)?.asset;
  return (
    <Row
      title={view.title}
      text={view.sentence}
      control={<Button onClick={() => setOpen(true)}>{m.schedule_change()}</Button>}
    >
      <ScheduleFacts view={view} token={asset?.name} />
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        wide
        title={m.schedule_dialog({ network: view.title })}
        description={m.schedule_dialog_text()}
      >
        <ScheduleForm
          view={view}
          token={asset?.name ?? "USDC"}
          decimals={asset?.decimals ?? 6}
          onDone={() => setOpen(false)}
        />
      </Dialog>
    </Row>
  );
}
