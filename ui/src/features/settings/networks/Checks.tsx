import { CircleCheck, OctagonX, ScanSearch, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { CheckedView } from "../../../api/generated/CheckedView";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import type { NetworkSetUp } from "../../../api/generated/NetworkSetUp";
import { useNetworkCheck } from "../../../api/networks";
import { m } from "../../../i18n/paraglide/messages";
import { announce } from "../../../ui/announce";
import { Button } from "../../../ui/Button";
import { cn } from "../../../ui/cn";
import { Refusal } from "../../../ui/Refusal";
import { TimeAgo } from "../../../ui/TimeAgo";
import { AcceptDialog } from "./AcceptDialog";
import { Part } from "./Part";

interface Props {
  item: NetworkItem;
  setUp: NetworkSetUp;
}

/** What was found on chain, and the button that looks again. */
export function Checks({ item, setUp }: Props) {
  const { mutate, data, isPending, error } = useNetworkCheck();
  const [isAsking, setAsking] = useState(false);
  const failed = setUp.points.filter(({ state }) => state === "failed");
  // Whether it may be accepted is only known after a look; changed code is all that ever may.
  const isAcceptable =
    data?.acceptable ??
    (failed.length > 0 && failed.every(({ point }) => point === "code" || point === "multicall"));
  const check = () =>
    mutate(
      { network: item.network },
      {
        onSuccess: ({ ready, waitingFor }) =>
          announce(ready ? m.networks_check_good() : (waitingFor ?? m.networks_check_bad())),
      },
    );
  return (
    <Part
      title={m.networks_checks()}
      aside={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {setUp.checkedAt !== null && (
            <span className="text-caption text-text-2">
              {m.networks_checked()} <TimeAgo at={setUp.checkedAt} />
            </span>
          )}
          <Button size="sm" icon={ScanSearch} loading={isPending} onClick={check}>
            {m.networks_check()}
          </Button>
        </span>
      }
    >
      {setUp.points.length === 0 ? (
        <p className="text-text-2">{m.networks_checks_none()}</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {setUp.points.map((point) => (
            <Check key={point.point} point={point} />
          ))}
        </ul>
      )}
      {error !== null && <Refusal title={m.networks_check_failed()} error={error} />}
      {failed.length > 0 && isAcceptable && (
        <div className="mt-3">
          <Button variant="danger" size="sm" onClick={() => setAsking(true)}>
            {m.networks_accept()}
          </Button>
          <AcceptDialog item={item} failed={failed} open={isAsking} onOpenChange={setAsking} />
        </div>
      )}
    </Part>
  );
}

const LOOKS = {
  ok: { icon: CircleCheck, look: "text-settled", word: m.networks_point_ok },
  warning: { icon: TriangleAlert, look: "text-warning", word: m.networks_point_warning },
  failed: { icon: OctagonX, look: "text-failed", word: m.networks_point_failed },
};

function Check({ point: { state, sentence } }: { point: CheckedView }) {
  const { icon: Icon, look, word } = LOOKS[state];
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", look)} strokeWidth={1.5} />
      <span className={cn("min-w-0 [overflow-wrap:anywhere]", state === "failed" && "text-failed")}>
        <span className="sr-only">{word()} </span>
        {sentence}
      </span>
    </li>
  );
}
