import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import type { ApiError } from "../../../api/error";
import type { ScheduleView } from "../../../api/generated/ScheduleView";
import { usePlatform } from "../../../api/platform-context";
import { scheduleCheckQuery, useScheduleSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { formatDecimal } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";
import { type DraftField, draftOf, read, requestOf } from "./draft";
import { GasParts, TimeParts } from "./ScheduleParts";
import { useSettled } from "./useSettled";
import { WouldBe } from "./WouldBe";

interface Props {
  view: ScheduleView;
  token: string;
  decimals: number;
  onDone(): void;
}

/** Chooses when a network's queue is settled by itself. What it would mean is asked while it is filled in. */
export function ScheduleForm({ view, token, decimals, onDone }: Props) {
  const [draft, setDraft] = useState(() => draftOf(view));
  const [tried, setTried] = useState(false);
  const { mutateAsync, isPending, error, reset } = useScheduleSet();
  const { request, wrong } = useMemo(
    () => read(draft, view.network, decimals),
    [draft, view.network, decimals],
  );
  const asked = useSettled(request);
  const isCurrent = asked === request;
  const check = useQuery({
    ...scheduleCheckQuery(usePlatform(), asked),
    enabled: wrong.length === 0,
  });
  const refusal = error ?? (wrong.length === 0 && isCurrent ? check.error : null);
  const tooLate = refusal?.code === "conflict" ? firstTime(draft) : null;

  const errorOf = (field: DraftField): string | undefined => {
    if (field === tooLate) {
      return refusal?.message;
    }
    return wrong.includes(field) && (tried || check.isFetched) ? problemOf(field) : undefined;
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (wrong.length > 0 || isPending) {
      goToProblem(form);
      return;
    }
    const undo = () =>
      mutateAsync(requestOf(view)).then(
        () => notify({ title: m.schedule_undone(), tone: "settled" }),
        ({ message }: ApiError) =>
          notify({ title: m.schedule_failed(), description: message, tone: "failed" }),
      );
    const saved = (now: ScheduleView) => {
      if (form.isConnected) {
        onDone();
      }
      notify({
        title: m.schedule_saved(),
        description: now.sentence,
        tone: "settled",
        action: { label: m.ui_undo(), run: () => void undo() },
      });
    };
    const refused = ({ message }: ApiError) => {
      if (form.isConnected) {
        goToProblem(form);
      } else {
        notify({ title: m.schedule_failed(), description: message, tone: "failed" });
      }
    };
    mutateAsync(request).then(saved, refused);
  };

  const parts = {
    draft,
    onDraftChange: (next: typeof draft) => {
      setDraft(next);
      reset();
    },
    errorOf,
    view,
    token,
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="-mt-2 divide-y">
        <TimeParts {...parts} />
        <GasParts {...parts} />
      </div>
      <WouldBe
        view={wrong.length === 0 && refusal === null ? check.data : undefined}
        isAsking={wrong.length === 0 && (check.isFetching || !isCurrent)}
      />
      {refusal !== null && tooLate === null && <Refusal title={m.schedule_failed()} error={refusal} />}
      <div className="sticky -bottom-4 -mx-5 -mb-4 flex flex-wrap justify-end gap-2 rounded-b-card border-t bg-surface px-5 py-3">
        <Button onClick={onDone}>{m.ui_cancel()}</Button>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.schedule_save()}
        </Button>
      </div>
    </form>
  );
}

/** The first time of its own that a schedule has: what comes too late for what waits is said beside it. */
function firstTime({ every, daily, weekly }: ReturnType<typeof draftOf>): DraftField | null {
  return every.on ? "every" : daily.on ? "daily" : weekly.on ? "weekly" : null;
}

function problemOf(field: DraftField): string {
  switch (field) {
    case "every":
      return m.schedule_every_wrong();
    case "daily":
      return m.schedule_time_wrong();
    case "weekly":
      return m.schedule_weekly_wrong();
    case "amount":
      return m.schedule_amount_wrong({ example: formatDecimal("20") });
    case "count":
      return m.schedule_count_wrong();
    case "ceiling":
      return m.schedule_ceiling_wrong({ example: formatDecimal("0.5") });
  }
}
