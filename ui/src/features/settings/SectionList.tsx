import { createLink } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import { m } from "../../i18n/messages";
import { sectionsOf } from "./sections";
import { useSectionInSight } from "./useSectionInSight";

/** What the settings consist of, beside them; each leads to its heading, and the one that is read is marked. */
export function SectionList({ environment }: { environment: string | undefined }) {
  const sections = sectionsOf(environment);
  const current = useSectionInSight(sections);
  return (
    <nav
      aria-label={m.settings_sections()}
      className="-m-1 p-1 @3xl:sticky @3xl:top-4 @3xl:max-h-[calc(100vh-7.5rem)] @3xl:w-46 @3xl:shrink-0 @3xl:overflow-y-auto"
    >
      <ul className="flex flex-wrap @3xl:flex-col">
        {sections.map(({ anchor, title }) => (
          <li key={anchor}>
            <SectionLink
              to="/settings"
              hash={anchor}
              replace
              isCurrent={anchor === current}
              onClick={() => goTo(anchor)}
            >
              {title()}
            </SectionLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface LinkProps extends ComponentProps<"a"> {
  isCurrent: boolean;
}

const SectionLink = createLink(({ isCurrent, children, ...rest }: LinkProps) => (
  <a
    {...rest}
    aria-current={isCurrent ? "location" : undefined}
    className="flex min-h-7 items-center rounded-control px-2.5 py-1 text-text-2 hover:bg-surface-2 hover:text-text aria-[current=location]:bg-accent-soft aria-[current=location]:font-medium aria-[current=location]:text-accent-text"
  >
    {children}
  </a>
));

/** Also where the address names the section already. */
function goTo(anchor: string) {
  const section = document.getElementById(anchor);
  section?.scrollIntoView();
  section?.querySelector("h2")?.focus({ preventScroll: true });
}
