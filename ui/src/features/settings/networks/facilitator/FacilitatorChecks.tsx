import { ScanSearch } from "lucide-react";
import { useFacilitatorCheck } from "../../../../api/facilitators";
import { m } from "../../../../i18n/messages";
import { announce } from "../../../../ui/announce";
import { Button } from "../../../../ui/Button";
import { Refusal } from "../../../../ui/Refusal";
import { Point } from "../Point";

/** Asks the facilitator what it settles, and says what was found. */
export function FacilitatorChecks({ network }: { network: string }) {
  const { mutate, data, isPending, error } = useFacilitatorCheck();
  const check = () =>
    mutate(
      { network },
      {
        onSuccess: ({ ready }) =>
          announce(ready ? m.networks_facilitator_good() : m.networks_facilitator_bad()),
      },
    );
  return (
    <div className="flex flex-col items-start gap-2">
      {data !== undefined && (
        <ul className="flex flex-col gap-1.5">
          {data.points.map((point) => (
            <Point key={point.point} state={point.state} sentence={point.sentence} />
          ))}
        </ul>
      )}
      {error !== null && <Refusal title={m.networks_facilitator_check_failed()} error={error} />}
      <Button size="sm" icon={ScanSearch} loading={isPending} onClick={check}>
        {m.networks_facilitator_check()}
      </Button>
    </div>
  );
}
