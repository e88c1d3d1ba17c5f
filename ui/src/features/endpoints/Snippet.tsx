import { m } from "../../i18n/messages";
import { CopyButton } from "../../ui/CopyButton";

interface Props {
  label: string;
  code: string;
}

/** A few lines of code to take along. */
export function Snippet({ label, code }: Props) {
  return (
    <div className="relative">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled to by keys
        tabIndex={0}
        className="max-h-64 overflow-auto rounded-control border bg-surface-2"
      >
        <pre className="w-max min-w-full py-2.5 pr-10 pl-3 font-mono text-caption">{code.trimEnd()}</pre>
      </section>
      <CopyButton
        text={code}
        what={m.endpoints_the_code()}
        className="absolute top-1.5 right-1.5 bg-surface"
      />
    </div>
  );
}
