import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/** What ends above where a section comes to stand that was led to was read already. */
const READ_ALREADY = "-104px 0px 0px";

/** The section that is read: the one that the address names as long as it is in sight, else the first that is. */
export function useSectionInSight(sections: readonly { anchor: string }[]): string | undefined {
  const named = useLocation({ select: ({ hash }) => hash });
  const [inSight, setInSight] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const observer = new IntersectionObserver(
      (changes) =>
        setInSight((known) => {
          const next = new Set(known);
          for (const { target, isIntersecting } of changes) {
            if (isIntersecting) {
              next.add(target.id);
            } else {
              next.delete(target.id);
            }
          }
          return next;
        }),
      { rootMargin: READ_ALREADY },
    );
    for (const { anchor } of sections) {
      const section = document.getElementById(anchor);
      if (section !== null) {
        observer.observe(section);
      }
    }
    return () => observer.disconnect();
  }, [sections]);
  return inSight.has(named) ? named : sections.find(({ anchor }) => inSight.has(anchor))?.anchor;
}
