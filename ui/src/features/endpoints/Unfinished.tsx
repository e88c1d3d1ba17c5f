import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { usePricing } from "./pricing-context";
import { fileName } from "./queue";
import { named } from "./words";

/** The way back to files that were offered and not priced. */
export function Unfinished() {
  const { unfinished, resume, discard } = usePricing();
  const [first, ...others] = unfinished;
  if (first === undefined) {
    return null;
  }
  const name = named(fileName(first));
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-card border bg-surface px-4 py-2">
      <span className="mr-auto min-w-0 break-words">
        {others.length === 0
          ? m.endpoints_unfinished({ name })
          : m.endpoints_unfinished_more({ name, count: others.length })}
      </span>
      <Button size="sm" variant="ghost" onClick={discard}>
        {m.endpoints_discard()}
      </Button>
      <Button size="sm" onClick={resume}>
        {m.endpoints_continue()}
      </Button>
    </div>
  );
}
