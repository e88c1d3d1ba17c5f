import { type ReactNode, useCallback, useState } from "react";

/** The part of a dialog that scrolls where the window is small, then also by the keyboard. */
export function DialogBody({ children }: { children: ReactNode }) {
  const [scrolls, setScrolls] = useState(false);
  const watch = useCallback((body: HTMLDivElement | null) => {
    const content = body?.firstElementChild;
    if (body === null || content === null || content === undefined) {
      return;
    }
    const observer = new ResizeObserver(() => setScrolls(body.scrollHeight > body.clientHeight));
    observer.observe(body);
    observer.observe(content);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={watch}
      tabIndex={scrolls ? 0 : undefined}
      className="min-h-0 overflow-y-auto px-5 py-4 outline-offset-[-2px]"
    >
      <div>{children}</div>
    </div>
  );
}
