import { Lock, LockOpen } from "lucide-react";
import { useState } from "react";
import type { WalletView } from "../../../api/generated/WalletView";
import { useWalletLock } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { absoluteTime, duration, relativeTime } from "../../../lib/time";
import { Button } from "../../../ui/Button";
import { useNow } from "../../../ui/now";
import { Refusal } from "../../../ui/Refusal";
import { Select } from "../../../ui/Select";
import { notify } from "../../../ui/toast";
import { Row, Section } from "../Section";
import { UnlockDialog } from "./UnlockDialog";

const MINUTE = 60_000;

/** After how many idle minutes it may lock itself; 0 for never. */
const CHOICES = [0, 5, 15, 60, 8 * 60, 24 * 60, 7 * 24 * 60];

/** Whether the key can be used, and when it is put away by itself. */
export function Locking({ wallet }: { wallet: WalletView }) {
  const { mutate, isPending, error, reset } = useWalletLock();
  const [isUnlocking, setUnlocking] = useState(false);
  const now = useNow();
  const { state, lockAfterMinutes, locksAt } = wallet;
  const isLocked = state === "locked";
  const chosen = lockAfterMinutes ?? 0;
  const choices = CHOICES.includes(chosen)
    ? CHOICES
    : [...CHOICES, chosen].toSorted((one, other) => one - other);
  const lock = () => mutate({}, { onSuccess: () => notify({ title: m.wallet_was_locked() }) });
  const setMinutes = (minutes: number, undo: number | null) =>
    mutate(
      { afterMinutes: minutes },
      {
        onSuccess: () =>
          notify({
            title: minutes === 0 ? m.wallet_never_locks() : m.wallet_locks_after({ time: spell(minutes) }),
            tone: "settled",
            ...(undo !== null && {
              action: { label: m.ui_undo(), run: () => setMinutes(undo, null) },
            }),
          }),
      },
    );
  return (
    <Section title={m.wallet_lock()} text={m.wallet_lock_text()}>
      <Row
        title={isLocked ? m.wallet_is_locked() : m.wallet_is_unlocked()}
        text={isLocked ? m.wallet_is_locked_text() : m.wallet_is_unlocked_text()}
        control={
          isLocked ? (
            <Button variant="primary" icon={LockOpen} onClick={() => setUnlocking(true)}>
              {m.wallet_unlock()}
            </Button>
          ) : (
            <Button icon={Lock} loading={isPending} onClick={lock}>
              {m.wallet_lock_now()}
            </Button>
          )
        }
      />
      <Row
        title={m.wallet_auto()}
        text={
          locksAt === null ? (
            m.wallet_auto_text()
          ) : (
            <time dateTime={new Date(locksAt).toISOString()} title={absoluteTime(locksAt, true)}>
              {m.wallet_locks_at({ time: relativeTime(locksAt, now) })}
            </time>
          )
        }
        control={
          <Select
            label={m.wallet_auto()}
            items={choices.map((minutes) => ({ value: String(minutes), label: spell(minutes) }))}
            value={String(chosen)}
            onValueChange={(value) => {
              reset();
              setMinutes(Number(value), chosen);
            }}
            className="w-40"
          />
        }
      >
        {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      </Row>
      <UnlockDialog wallet={wallet} open={isUnlocking} onOpenChange={setUnlocking} />
    </Section>
  );
}

function spell(minutes: number): string {
  return minutes === 0 ? m.wallet_never() : duration(minutes * MINUTE);
}
