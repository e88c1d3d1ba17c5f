import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { copiesQuery, useEndpointCopy } from "../../api/data";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Refusal } from "../../ui/Refusal";
import { Skeleton } from "../../ui/Skeleton";
import { notify } from "../../ui/toast";
import { CopyList } from "./CopyList";

const NAMES = { practice: m.data_of_practice, test: m.data_of_test, live: m.data_of_live };

type Environment = keyof typeof NAMES;

const ENVIRONMENTS = ["practice", "test", "live"] as const;

interface Props {
  /** The environment that is open. */
  here: string;
  /** Those that go into another environment; left out, another one's come into this one. */
  chosen: readonly string[] | undefined;
  onCancel(): void;
  onDone(): void;
}

/** Which environment, what would change, and the word. */
export function CopyForm({ here, chosen, onCancel, onDone }: Props) {
  const [other, setOther] = useState(() => next(here, chosen !== undefined));
  const between = chosen ? { from: here, to: other, endpoints: [...chosen] } : { from: other, to: here };
  const { data, error } = useQuery(copiesQuery(usePlatform(), between));
  const { mutate, isPending, error: refused } = useEndpointCopy();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const items = data?.items;
  const endpoints = (items ?? [])
    .filter(({ id, change }) => (change === "new" || change === "changed") && !left.has(id))
    .map(({ id }) => id);
  const count = endpoints.length;
  const isSame = items !== undefined && items.length > 0 && items.every(({ change }) => change === "same");
  const copy = () =>
    mutate(
      { ...between, endpoints },
      {
        onSuccess: ({ copied }) => {
          notify({
            title: m.data_copy_done({ count: copied, number: formatCount(copied) }),
            tone: "settled",
          });
          onDone();
        },
      },
    );
  return (
    <div className="flex flex-col gap-4">
      <Choice<Environment>
        label={chosen ? m.data_copy_into() : m.data_copy_from()}
        items={ENVIRONMENTS.filter((one) => one !== here).map((value) => ({ value, label: NAMES[value]() }))}
        value={other}
        onValueChange={setOther}
      />
      {items !== undefined ? (
        <CopyList
          items={items}
          left={left}
          onChoose={(id, isChosen) =>
            setLeft((before) => new Set([...before].filter((one) => one !== id).concat(isChosen ? [] : [id])))
          }
        />
      ) : error !== null ? (
        <Refusal title={m.data_copy_failed()} error={error} />
      ) : (
        <Skeleton className="h-32 w-full" />
      )}
      {refused !== null && <Refusal title={m.data_copy_failed()} error={refused} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{m.ui_cancel()}</Button>
        <Button
          variant="primary"
          loading={isPending}
          reason={isSame ? m.data_copy_nothing() : null}
          disabled={count === 0}
          onClick={copy}
        >
          {m.data_copy_confirm({ count, number: formatCount(count) })}
        </Button>
      </div>
    </div>
  );
}

/** Endpoints are tried in practice, then in test, then sold live: they go one step on, or come from one step before. */
function next(here: string, isAway: boolean): Environment {
  if (here !== "test") {
    return "test";
  }
  return isAway ? "live" : "practice";
}
