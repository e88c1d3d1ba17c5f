import { Check } from "lucide-react";
import type { WayView } from "../../../api/generated/WayView";
import { m } from "../../../i18n/messages";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Row } from "../Section";

interface Props {
  way: WayView;
  isChosen: boolean;
  onChoose(): void;
}

/** One way to the stall, with what speaks for it and against it. */
export function Way({ way, isChosen, onChoose }: Props) {
  const isOutside = way.kind !== "this_computer";
  return (
    <Row
      title={
        <span className="flex flex-wrap items-center gap-2">
          {way.title}
          {isOutside && (
            <Badge tone={way.permanent ? "accent" : "warning"}>
              {way.permanent ? m.reach_permanent() : m.reach_changing()}
            </Badge>
          )}
        </span>
      }
      text={way.purpose}
      control={
        isChosen ? (
          <Badge tone="settled" icon={Check}>
            {m.reach_chosen()}
          </Badge>
        ) : (
          <Button size="sm" aria-label={m.reach_choose_way({ way: way.title })} onClick={onChoose}>
            {m.reach_choose()}
          </Button>
        )
      }
    >
      <WayFacts way={way} />
    </Row>
  );
}

/** Who can read along, what a restart does, and what is missing. */
export function WayFacts({ way }: { way: WayView }) {
  const facts = [
    [m.reach_who_reads(), way.whoReads],
    ...(way.kind === "this_computer" ? [] : [[m.reach_restart(), way.onRestart]]),
    ...(way.limits === null ? [] : [[m.reach_limits(), way.limits]]),
    ...(way.missing === null ? [] : [[m.reach_missing(), way.missing]]),
  ];
  return (
    <dl className="mt-2 grid grid-cols-[8rem_1fr] gap-x-3 gap-y-1 text-caption">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-text-2">{name}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
