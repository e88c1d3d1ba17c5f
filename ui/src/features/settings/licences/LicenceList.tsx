import { items, texts } from "virtual:licences";
import { Search } from "lucide-react";
import { useState } from "react";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";
import { EmptyState } from "../../../ui/EmptyState";
import { Input } from "../../../ui/Input";

/** Every part by others with its licence; each text unfolds. */
export function LicenceList() {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const shown = items.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(wanted));
  return (
    <>
      <p className="text-text-2">
        {m.settings_licences_text({ count: items.length, number: formatCount(items.length) })}
      </p>
      <Input
        type="search"
        data-page-search
        before={<Search aria-hidden className="size-4" strokeWidth={1.5} />}
        aria-label={m.settings_licences_search()}
        placeholder={m.settings_licences_search()}
        value={typed}
        onValueChange={setTyped}
        className="max-w-72 text-body"
      />
      {shown.length === 0 ? (
        <EmptyState icon={Search} title={m.settings_licences_none()} text={m.settings_licences_none_text()} />
      ) : (
        <ul className="divide-y rounded-card border bg-surface">
          {shown.map(({ name, version, licence, texts: places }) => (
            <li key={`${name} ${version}`}>
              <details className="group">
                <summary className="flex min-h-9 cursor-default flex-wrap items-baseline gap-x-3 px-4 py-2 outline-offset-[-2px] hover:bg-surface-2">
                  <span className="font-medium">{name}</span>
                  <span className="text-caption text-text-2 tabular-nums">{version}</span>
                  <span className="ml-auto text-text-2">{licence}</span>
                </summary>
                {places.length === 0 && (
                  <p className="px-4 pb-3 text-text-2">{m.settings_licences_no_text()}</p>
                )}
                {places.map((place) => (
                  <pre
                    key={place}
                    className="border-t px-4 py-3 font-mono text-caption break-words whitespace-pre-wrap text-text-2"
                  >
                    {texts[place]}
                  </pre>
                ))}
              </details>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
