import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useId, useLayoutEffect, useRef } from "react";
import { useHindrances } from "../../api/hindrances";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Mark } from "../../ui/Mark";
import { Tooltip } from "../../ui/Tooltip";
import { PAGES } from "./pages";
import { StallCard } from "./StallCard";
import { useGoToPage } from "./useGoToPage";
import { useNarrow } from "./useNarrow";

/** The pages, and the stall at the bottom. Only icons where the window is narrow. */
export function Sidebar() {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const pathname = useLocation({ select: (place) => place.pathname });
  const goTo = useGoToPage();
  const isNarrow = useNarrow();
  const description = useId();
  const nav = useRef<HTMLElement>(null);
  const focused = useRef(-1);
  // A window that becomes narrow or wide draws the links anew, and whoever was on one stays on it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only then are they drawn anew
  useLayoutEffect(() => nav.current?.querySelectorAll("a")[focused.current]?.focus(), [isNarrow]);
  const { all: hindrances } = useHindrances();
  const payments = status?.money.attention.payments ?? 0;
  const attention = payments + hindrances;
  return (
    <div className="flex w-14 shrink-0 flex-col overflow-y-auto border-r bg-surface mid:w-56">
      <div className="flex h-13 shrink-0 items-center gap-2.5 px-3.5 mid:px-4">
        <Mark className="size-7 shrink-0 mid:size-6" />
        <span className="hidden text-form font-semibold mid:inline">Stallkeeper</span>
      </div>
      <nav
        ref={nav}
        aria-label={m.shell_pages()}
        className="flex flex-col gap-0.5 px-2 py-1"
        onBlur={() => {
          focused.current = -1;
        }}
      >
        {PAGES.map(({ to, title, icon: Icon }, place) => {
          const link = (
            <Link
              key={to}
              to={to}
              aria-describedby={to === "/attention" && hindrances > 0 ? description : undefined}
              onFocus={() => {
                focused.current = place;
              }}
              // A page is gone to as it was left; on the page itself, that leads to all of it.
              onClick={(event) => {
                if (!event.metaKey && !event.ctrlKey && pathname !== to) {
                  event.preventDefault();
                  goTo(to);
                }
              }}
              activeOptions={{ exact: to === "/", includeSearch: false }}
              className="group relative flex min-h-8 items-center justify-center gap-2.5 rounded-control px-2.5 text-text-2 hover:bg-surface-2 hover:text-text aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-text mid:justify-start"
            >
              <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
              <span className="sr-only mid:not-sr-only mid:truncate">{title()}</span>
              {to === "/attention" && attention > 0 && (
                <span className="absolute top-1 right-1.5 size-2 rounded-full bg-failed mid:static mid:ml-auto mid:inline-flex mid:size-auto mid:min-w-5 mid:justify-center mid:bg-failed-soft mid:px-1.5 mid:text-caption mid:font-medium mid:text-failed">
                  <span aria-hidden className="hidden mid:inline">
                    {attention > 99 ? "99+" : formatCount(attention)}
                  </span>
                  {payments > 0 && (
                    <span className="sr-only">{m.shell_attention_count({ count: payments })}</span>
                  )}
                </span>
              )}
            </Link>
          );
          // Where its words are shown it needs no hint.
          return isNarrow ? (
            <Tooltip key={to} label={title()} side="right">
              {link}
            </Tooltip>
          ) : (
            link
          );
        })}
      </nav>
      <p id={description} hidden>
        {m.home_attention_others({ count: hindrances })}
      </p>
      <div className="mt-auto p-2">
        <StallCard />
      </div>
    </div>
  );
}
