import { useState } from "react";
import { m } from "../i18n/paraglide/messages";
import { formatCount } from "../lib/money";
import { Button } from "./Button";
import { Choice } from "./Choice";
import { type CopyItem, CopyList } from "./CopyList";
import { Refusal } from "./Refusal";
import { Skeleton } from "./Skeleton";

const NAMES = { practice: m.data_of_practice, test: m.data_of_test, live: m.data_of_live };

export type Environment = keyof typeof NAMES;

const ENVIRONMENTS = ["practice", "test", "live"] as const;

interface Props {
  /** What the choice of the other environment is. */
  label: string;
  /** The environment that is open. */
  here: string;
  other: Environment;
  onOther(environment: Environment): void;
  /** What would change, once it is known. */
  items: readonly CopyItem[] | undefined;
  /** Why that is not known. */
  unknown: Error | null;
  isCopying: boolean;
  /** Why nothing was copied. */
  refused: Error | null;
  onCancel(): void;
  onCopy(endpoints: string[]): void;
}

/** Endpoints that are copied between the environment that is open and another one: which one, what would change, and the word. */
export function CopyForm(props: Props) {
  const { label, here, other, onOther, items, unknown, isCopying, refused, onCancel, onCopy } = props;
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const endpoints = (items ?? [])
    .filter(({ id, change }) => (change === "new" || change === "changed") && !left.has(id))
    .map(({ id }) => id);
  const count = endpoints.length;
  const isSame = items !== undefined && items.length > 0 && items.every(({ change }) => change === "same");
  return (
    <div className="flex flex-col gap-4">
      <Choice
        label={label}
        items={ENVIRONMENTS.filter((one) => one !== here).map((value) => ({ value, label: NAMES[value]() }))}
        value={other}
        onValueChange={onOther}
      />
      {items !== undefined ? (
        <CopyList
          items={items}
          left={left}
          onChoose={(id, isChosen) =>
            setLeft((before) => new Set([...before].filter((one) => one !== id).concat(isChosen ? [] : [id])))
          }
        />
      ) : unknown !== null ? (
        <Refusal title={m.data_copy_failed()} error={unknown} />
      ) : (
        <Skeleton className="h-32 w-full" />
      )}
      {refused !== null && <Refusal title={m.data_copy_failed()} error={refused} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{m.ui_cancel()}</Button>
        <Button
          variant="primary"
          loading={isCopying}
          reason={isSame ? m.data_copy_nothing() : null}
          disabled={count === 0}
          onClick={() => onCopy(endpoints)}
        >
          {m.data_copy_confirm({ count, number: formatCount(count) })}
        </Button>
      </div>
    </div>
  );
}
