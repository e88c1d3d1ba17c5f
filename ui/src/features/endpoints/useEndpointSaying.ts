import type { EndpointEdit } from "../../api/generated/EndpointEdit";
import type { EndpointView } from "../../api/generated/EndpointView";
import { useEndpointEdit } from "../../api/queries";
import { m } from "../../i18n/messages";
import { messageOf } from "../../lib/message";
import { notify } from "../../ui/toast";
import { named } from "./words";

type Part = Omit<EndpointEdit, "endpoint">;

/** Changes what is said of an endpoint, or its text. It can be taken back for a while. */
export function useEndpointSaying({ id, title }: Pick<EndpointView, "id" | "title">) {
  const { mutateAsync, isPending, error } = useEndpointEdit();
  const name = { title: named(title) };
  /** Whether it worked; what went wrong otherwise is in `error`, for beside the fields. */
  const save = async (now: Part, before: Part): Promise<boolean> => {
    try {
      await mutateAsync({ endpoint: id, ...now });
    } catch {
      return false;
    }
    notify({
      title: m.endpoints_was_edited(name),
      tone: "neutral",
      action: { label: m.ui_undo(), run: () => void undo(before) },
    });
    return true;
  };
  const undo = async (before: Part) => {
    try {
      await mutateAsync({ endpoint: id, ...before });
      notify({ title: m.endpoints_was_unedited(name), tone: "neutral" });
    } catch (reason) {
      const description = messageOf(reason);
      notify({ title: m.endpoints_edit_failed(name), description, tone: "failed" });
    }
  };
  return { save, isSaving: isPending, error };
}
