import { Popover } from "@base-ui/react/popover";
import { ArrowDown, ArrowUp, Columns3, FoldHorizontal, RotateCcw, UnfoldHorizontal } from "lucide-react";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { announce } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { withinReason } from "../../ui/ColumnEdge";
import { cn } from "../../ui/cn";
import { IconButton } from "../../ui/IconButton";
import { listLook } from "../../ui/overlay";
import { prefer, usePreferences } from "../../ui/preferences";
import { COLUMNS, inOrder } from "./columns";

/** By how much a press makes a column wider or narrower, in rem. */
const STEP = 1;

/** Chooses which columns are shown, in which order and how wide. Amount and state always are. */
export function ColumnPicker() {
  const { hiddenColumns, columnOrder, columnWidths } = usePreferences();
  const { many } = useNetworks();
  const columns = inOrder(columnOrder).filter(({ name }) => many || name !== "payments.network");
  const turn = (name: string, isShown: boolean) =>
    prefer({
      hiddenColumns: isShown ? hiddenColumns.filter((other) => other !== name) : [...hiddenColumns, name],
    });
  const move = (place: number, by: 1 | -1) => {
    const names = columns.map(({ name }) => name);
    const [name] = names.splice(place, 1);
    if (name !== undefined) {
      names.splice(place + by, 0, name);
      prefer({ columnOrder: names });
      const word = columns[place]?.word() ?? "";
      announce(m.payments_column_moved({ column: word, place: place + by + 1, count: names.length }));
    }
  };
  const widen = (name: string, by: number) => {
    const now = columnWidths[name] ?? COLUMNS.find((one) => one.name === name)?.usual ?? 0;
    prefer({ columnWidths: { ...columnWidths, [name]: withinReason(now + by) } });
  };
  return (
    <Popover.Root>
      <Popover.Trigger render={<IconButton icon={Columns3} label={m.payments_columns()} />} />
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" className="z-50">
          <Popover.Popup aria-label={m.payments_columns()} className={cn(listLook, "p-2")}>
            <ol className="flex flex-col">
              {columns.map(({ name, word, stays }, place) => (
                <li key={name} className="flex min-h-8 items-center gap-1">
                  <label className="mr-3 flex min-w-32 flex-1 items-center gap-2 px-1">
                    <input
                      type="checkbox"
                      checked={!hiddenColumns.includes(name)}
                      disabled={stays}
                      onChange={({ target }) => turn(name, target.checked)}
                      className="size-4 accent-accent"
                    />
                    {word()}
                  </label>
                  <IconButton
                    icon={ArrowUp}
                    size="sm"
                    label={m.payments_column_earlier({ column: word() })}
                    disabled={place === 0}
                    onClick={() => move(place, -1)}
                  />
                  <IconButton
                    icon={ArrowDown}
                    size="sm"
                    label={m.payments_column_later({ column: word() })}
                    disabled={place === columns.length - 1}
                    onClick={() => move(place, 1)}
                  />
                  <IconButton
                    icon={FoldHorizontal}
                    size="sm"
                    label={m.payments_column_narrower({ column: word() })}
                    onClick={() => widen(name, -STEP)}
                  />
                  <IconButton
                    icon={UnfoldHorizontal}
                    size="sm"
                    label={m.payments_column_wider({ column: word() })}
                    onClick={() => widen(name, STEP)}
                  />
                </li>
              ))}
            </ol>
            <div className="mt-1 flex justify-end border-t pt-2">
              <Button
                size="sm"
                variant="ghost"
                icon={RotateCcw}
                onClick={() => prefer({ hiddenColumns: [], columnOrder: [], columnWidths: {} })}
              >
                {m.payments_columns_usual()}
              </Button>
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
