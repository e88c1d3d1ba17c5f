import { ScanSearch } from "lucide-react";
import { useState } from "react";
import type { NetworkItem } from "../../../api/generated/NetworkItem";
import type { NetworkSetUp } from "../../../api/generated/NetworkSetUp";
import { useNetworkCheck } from "../../../api/networks";
import { m } from "../../../i18n/messages";
import { announce } from "../../../ui/announce";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { TimeAgo } from "../../../ui/TimeAgo";
import { AcceptDialog } from "./AcceptDialog";
import { Part } from "./Part";
import { Point } from "./Point";

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
            <Point key={point.point} state={point.state} sentence={point.sentence} />
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
