import type { EndpointView } from "../../api/generated/EndpointView";
import {
  useEndpointPause,
  useEndpointRemove,
  useEndpointRestore,
  useEndpointResume,
  useEndpointSetPrice,
} from "../../api/queries";
import { m } from "../../i18n/messages";
import { messageOf } from "../../lib/message";
import { notify } from "../../ui/toast";
import { named } from "./words";

/** What a seller does to an endpoint. Each can be taken back for a while; each answers whether it worked. */
export function useEndpointActions({
  id,
  title,
  formatted,
}: Pick<EndpointView, "id" | "title" | "formatted">) {
  const pausing = useEndpointPause();
  const resuming = useEndpointResume();
  const removing = useEndpointRemove();
  const restoring = useEndpointRestore();
  const repricing = useEndpointSetPrice();
  const name = { title: named(title) };
  const request = { endpoint: id };

  const pause = () => pausing.mutateAsync(request);
  const resume = () => resuming.mutateAsync(request);
  const restore = () => restoring.mutateAsync(request);

  return {
    isSwitching: pausing.isPending || resuming.isPending,
    isRemoving: removing.isPending || restoring.isPending,
    pause: () =>
      attempt(pause, m.endpoints_pause_failed(name), () =>
        told(m.endpoints_was_paused(name), () =>
          attempt(resume, m.endpoints_resume_failed(name), () => told(m.endpoints_was_resumed(name))),
        ),
      ),
    resume: () =>
      attempt(resume, m.endpoints_resume_failed(name), () =>
        told(m.endpoints_was_resumed(name), () =>
          attempt(pause, m.endpoints_pause_failed(name), () => told(m.endpoints_was_paused(name))),
        ),
      ),
    remove: () =>
      attempt(
        () => removing.mutateAsync(request),
        m.endpoints_remove_failed(name),
        () =>
          told(m.endpoints_was_removed(name), () =>
            attempt(restore, m.endpoints_restore_failed(name), () => told(m.endpoints_was_restored(name))),
          ),
      ),
    restore: () =>
      attempt(restore, m.endpoints_restore_failed(name), () => told(m.endpoints_was_restored(name))),
    /** Says nothing when it fails: who asks for the price does, beside it. */
    setPrice: async (price: string) => {
      await repricing.mutateAsync({ ...request, price });
      told(m.endpoints_was_repriced(name), () =>
        attempt(
          () => repricing.mutateAsync({ ...request, price: formatted }),
          m.endpoints_reprice_failed(name),
          () => told(m.endpoints_was_reset(name)),
        ),
      );
    },
  };
}

function told(title: string, undo?: () => void): void {
  notify({
    title,
    tone: "neutral",
    ...(undo !== undefined && { action: { label: m.ui_undo(), run: undo } }),
  });
}

async function attempt(run: () => Promise<unknown>, failed: string, done: () => void): Promise<boolean> {
  try {
    await run();
  } catch (reason) {
    notify({
      title: failed,
      description: messageOf(reason),
      tone: "failed",
    });
    return false;
  }
  done();
  return true;
}
