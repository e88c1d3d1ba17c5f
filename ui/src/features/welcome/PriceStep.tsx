import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { Money } from "../../ui/Money";

/** Something to sell: dropped anywhere on the window, or chosen here. */
export function PriceStep({
  endpoints,
  children,
}: {
  endpoints: readonly EndpointView[];
  children: ReactNode;
}) {
  const newest = endpoints.at(-1);
  return (
    <>
      <p>{m.welcome_price_text()}</p>
      {newest !== undefined && (
        <p className="flex items-center gap-2 rounded-control bg-settled-soft px-3 py-2 text-settled">
          <CircleCheck aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
          <Link
            to="/endpoints/$endpoint"
            params={{ endpoint: newest.id }}
            className="min-w-0 truncate font-medium underline underline-offset-2"
          >
            <bdi title={newest.title}>{newest.title}</bdi>
          </Link>
          <Money value={newest.formatted} className="shrink-0" />
        </p>
      )}
      {children}
      <p className="text-caption text-text-2">{m.welcome_price_stays()}</p>
    </>
  );
}
