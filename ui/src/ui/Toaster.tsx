import { Toast } from "@base-ui/react/toast";
import { CircleCheck, Info, OctagonX, X } from "lucide-react";
import { m } from "../i18n/messages";
import { buttonLook } from "./Button";
import { cn } from "./cn";
import { IconButton } from "./IconButton";
import { type ToastTone, toasts } from "./toast";

const ICONS = {
  settled: { icon: CircleCheck, colour: "text-settled" },
  neutral: { icon: Info, colour: "text-text-2" },
  failed: { icon: OctagonX, colour: "text-failed" },
} as const;

/** Where toasts appear: at most three, politely announced, waiting while they are read. Stands once. */
export function Toaster() {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label={m.ui_notifications()}
          data-toasts
          className="fixed right-4 bottom-4 z-50 flex w-88 max-w-[calc(100vw-2rem)] flex-col gap-2"
        >
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { toasts: shown } = Toast.useToastManager<{ tone: ToastTone }>();
  return shown.map((toast) => {
    const { icon: Icon, colour } = ICONS[toast.data?.tone ?? "neutral"];
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        swipeDirection="right"
        className="rounded-card border bg-surface text-body shadow-overlay transition-opacity duration-120 data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
      >
        <Toast.Content className="flex items-start gap-2.5 py-2.5 pr-2 pl-3">
          <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", colour)} strokeWidth={1.5} />
          <div className="min-w-0 flex-1 py-0.5 break-words">
            <Toast.Title className="text-body font-medium" />
            <Toast.Description className="text-text-2" />
          </div>
          <Toast.Action className={buttonLook({ size: "sm" })} />
          <Toast.Close render={<IconButton icon={X} size="sm" label={m.ui_close()} />} />
        </Toast.Content>
      </Toast.Root>
    );
  });
}
