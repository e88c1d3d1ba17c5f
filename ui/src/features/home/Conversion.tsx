import { Link } from "@tanstack/react-router";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { share } from "../../lib/share";
import { Card } from "../../ui/Card";
import { useRevenue } from "./useRevenue";

/** How many of those who were shown a price paid it, in the days that are chosen. Stands only where anybody came. */
export function Conversion() {
  const { data } = useRevenue();
  if (data === undefined || data.visits.shown === 0) {
    return null;
  }
  const { shown, signed, settled } = data.visits;
  return (
    <Card title={m.home_conversion()}>
      <p className="text-title tabular-nums">{share(signed, shown) ?? "–"}</p>
      <p className="mt-1 text-caption text-text-2 tabular-nums">
        {m.home_conversion_text({
          shown: formatCount(shown),
          signed: formatCount(signed),
          settled: formatCount(settled),
        })}
      </p>
      <Link
        to="/visitors"
        className="mt-2 inline-block font-medium text-accent-text underline-offset-2 hover:underline"
      >
        {m.home_conversion_more()}
      </Link>
    </Card>
  );
}
