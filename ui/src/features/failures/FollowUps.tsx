import { type ComponentType, type ReactNode, Suspense, useCallback, useState } from "react";
import { type Asked, AskProvider } from "./asking";
import type { FollowUpProps } from "./FollowUp";
import { useGoTo } from "./useGoTo";
import { useOutright } from "./useOutright";

interface Props {
  /** It may be read once the window is drawn. */
  followUp: ComponentType<FollowUpProps>;
  children: ReactNode;
}

/**
 * Does what is asked for about failed payments, over any page. It stands above the pages, because what is done
 * often takes away the very row where it was asked for.
 */
export function FollowUps({ followUp: FollowUp, children }: Props) {
  const [asked, setAsked] = useState<{ what: Asked; nth: number } | null>(null);
  const [isOpen, setOpen] = useState(false);
  const goTo = useGoTo();
  const outright = useOutright();
  const ask = useCallback(
    (wanted: Asked) => {
      if (!goTo(wanted) && !outright(wanted)) {
        setAsked((before) => ({ what: wanted, nth: (before?.nth ?? 0) + 1 }));
        setOpen(true);
      }
    },
    [goTo, outright],
  );
  return (
    <AskProvider value={ask}>
      {children}
      {asked !== null && (
        <Suspense>
          <FollowUp key={asked.nth} asked={asked.what} open={isOpen} onOpenChange={setOpen} />
        </Suspense>
      )}
    </AskProvider>
  );
}
