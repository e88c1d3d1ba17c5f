import { Pause, Play, Trash2, X } from "lucide-react";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import {
  useEndpointPause,
  useEndpointRemove,
  useEndpointRestore,
  useEndpointResume,
} from "../../api/queries";
import { m } from "../../i18n/messages";
import { messageOf } from "../../lib/message";
import { Button } from "../../ui/Button";
import { notify } from "../../ui/toast";
import { Copying } from "./Copying";
import type { Chosen } from "./useChosen";

type Step = (request: { endpoint: string }) => Promise<unknown>;

/** What can be done with several endpoints together. It stands in the place of the search, and each can be undone. */
export function ChosenBar({ chosen: { chosen, clear } }: { chosen: Chosen }) {
  const [isBusy, setBusy] = useState(false);
  const pause = useEndpointPause().mutateAsync;
  const resume = useEndpointResume().mutateAsync;
  const remove = useEndpointRemove().mutateAsync;
  const restore = useEndpointRestore().mutateAsync;
  const live = chosen.filter(({ state }) => state === "live");
  const paused = chosen.filter(({ state }) => state === "paused");

  const act = async (
    endpoints: readonly EndpointView[],
    step: Step,
    undo: Step,
    words: (inputs: { count: number }) => string,
  ) => {
    setBusy(true);
    const done = await all(endpoints, step);
    setBusy(false);
    if (done.length > 0) {
      clear();
      notify({
        title: words({ count: done.length }),
        tone: "neutral",
        action: { label: m.ui_undo(), run: () => void all(done, undo) },
      });
    }
  };
  return (
    <section
      aria-label={m.endpoints_chosen()}
      className="flex min-h-8 w-full shrink-0 flex-wrap items-center gap-2 rounded-control bg-accent-soft px-3 py-1.5"
    >
      <p role="status" className="mr-auto font-medium text-accent-text tabular-nums">
        {m.endpoints_chosen_count({ count: chosen.length })}
      </p>
      {live.length > 0 && (
        <Button
          size="sm"
          icon={Pause}
          loading={isBusy}
          onClick={() => void act(live, pause, resume, m.endpoints_were_paused)}
        >
          {m.endpoints_pause()}
        </Button>
      )}
      {paused.length > 0 && (
        <Button
          size="sm"
          icon={Play}
          loading={isBusy}
          onClick={() => void act(paused, resume, pause, m.endpoints_were_resumed)}
        >
          {m.endpoints_resume()}
        </Button>
      )}
      <Copying chosen={chosen.map(({ id }) => id)} onDone={clear} />
      <Button
        size="sm"
        icon={Trash2}
        loading={isBusy}
        variant="danger"
        onClick={() => void act(chosen, remove, restore, m.endpoints_were_removed)}
      >
        {m.endpoints_remove()}
      </Button>
      <Button variant="ghost" size="sm" icon={X} onClick={clear}>
        {m.endpoints_chosen_clear()}
      </Button>
    </section>
  );
}

/** One after the other; what fails is told and the others go on. Answers with those that did not. */
async function all(endpoints: readonly EndpointView[], step: Step): Promise<EndpointView[]> {
  const done: EndpointView[] = [];
  for (const endpoint of endpoints) {
    try {
      await step({ endpoint: endpoint.id });
      done.push(endpoint);
    } catch (reason) {
      notify({
        title: m.endpoints_chosen_failed({ title: endpoint.title }),
        description: messageOf(reason),
        tone: "failed",
      });
    }
  }
  return done;
}
