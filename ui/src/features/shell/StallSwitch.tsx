import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react";
import { call } from "../../api/client";
import type { ApiError } from "../../api/error";
import { usePlatform } from "../../api/platform-context";
import { useStallSet } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { notify } from "../../ui/toast";

interface StallSwitch {
  busy: boolean;
  /** Opens the stall, or closes it: for so many minutes only, where they are given. */
  turn(selling: boolean, minutes?: number): void;
}

const Context = createContext<StallSwitch>({ busy: false, turn: () => {} });

/** The switch of the stall, for whoever shows one. */
export const useStallSwitch = () => use(Context);

/** What was asked for while somebody downloads. */
interface Asked {
  downloads: number;
  minutes: number | undefined;
}

/**
 * Turns the stall on or off, and says what that means. While buyers download, it asks before it closes. It stands around
 * the page, because whoever pressed may be gone when the answer comes, as the palette is.
 */
export function StallSwitchProvider({ children }: { children: ReactNode }) {
  const platform = usePlatform();
  const { mutateAsync, isPending } = useStallSet();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isOpen, setOpen] = useState(false);
  const set = useCallback(
    (selling: boolean, minutes: number | undefined) => {
      const done = () =>
        notify({
          title: selling ? m.shell_stall_on() : m.shell_stall_off(),
          tone: selling ? "settled" : "neutral",
        });
      const failed = ({ message }: ApiError) =>
        notify({ title: m.shell_stall_failed(), description: message, tone: "failed" });
      mutateAsync({ selling, ...(minutes !== undefined && { minutes }) }).then(done, failed);
    },
    [mutateAsync],
  );
  const turn = useCallback(
    async (selling: boolean, minutes?: number) => {
      // A stall that cannot say who downloads can still be closed.
      const news = selling ? null : await call(platform, "stall_news", {}).catch(() => null);
      if (news === null || news.delivering === 0) {
        set(selling, minutes);
      } else {
        setAsked({ downloads: news.delivering, minutes });
        setOpen(true);
      }
    },
    [platform, set],
  );
  const value = useMemo(
    () => ({ busy: isPending, turn: (selling: boolean, minutes?: number) => void turn(selling, minutes) }),
    [isPending, turn],
  );
  return (
    <Context value={value}>
      {children}
      <AlertDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={m.shell_downloading_title()}
        description={m.shell_downloading_text({
          count: asked?.downloads ?? 0,
          number: formatCount(asked?.downloads ?? 0),
        })}
        dismiss={m.shell_downloading_keep()}
        confirm={
          <Button
            variant="danger"
            onClick={() => {
              setOpen(false);
              set(false, asked?.minutes);
            }}
          >
            {m.shell_downloading_pause()}
          </Button>
        }
      />
    </Context>
  );
}
