import { Toast } from "@base-ui/react/toast";

export type ToastTone = "settled" | "neutral" | "failed";

interface Notice {
  title: string;
  description?: string;
  tone?: ToastTone;
  /** Takes back what was done, or goes to what is new. */
  action?: { label: string; run(): void };
  /** Hears when it is gone, however it went. */
  onGone?: () => void;
}

/** What a toast carries beside its words. */
export interface ToastData {
  tone: ToastTone;
}

export const toasts = Toast.createToastManager<ToastData>();

const SHORT = 5000;
const WITH_ACTION = 10_000;

/** Says in the corner what happened, and answers how to name it. Errors stay until they are closed, and never stand only here. */
export function notify({ title, description, tone = "neutral", action, onGone }: Notice): string {
  const id = toasts.add({
    title,
    description,
    timeout: tone === "failed" ? 0 : action === undefined ? SHORT : WITH_ACTION,
    // A toast of high priority hides itself from screen readers while its buttons can be reached.
    priority: "low",
    data: { tone },
    ...(onGone !== undefined && { onClose: onGone }),
    ...(action !== undefined && {
      actionProps: {
        children: action.label,
        onClick: () => {
          toasts.close(id);
          action.run();
        },
      },
    }),
  });
  return id;
}

/** Takes back what is not so any more. */
export function withdraw(id: string): void {
  toasts.close(id);
}
