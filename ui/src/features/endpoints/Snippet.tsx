import { m } from "../../i18n/messages";
import { CopyButton } from "../../ui/CopyButton";

interface Props {
  label: string;
  code: string;
}

/** A few lines of code to take along. */
export function Snippet({ label, code }: Props) {
  return (
    <div className="flex items-start rounded-control border bg-surface-2">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled to by keys
        tabIndex={0}
        className="max-h-64 min-w-0 flex-1 overflow-auto rounded-control"
      >
        <pre className="w-max min-w-full px-3 py-2.5 font-mono text-caption">{code.trimEnd()}</pre>
      </section>
      <CopyButton text={code} what={m.endpoints_the_code()} className="m-1 shrink-0" />
    </div>
  );
}
