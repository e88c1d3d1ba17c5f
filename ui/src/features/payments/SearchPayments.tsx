import { useQuery } from "@tanstack/react-query";
import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { type Meant, readSearch } from "./operators";

/** How long nothing is typed before a word is looked for. */
const PAUSE = 250;

interface Props {
  /** What is looked for now. */
  text: string;
  onSearch(meant: Meant): void;
}

/** Looks for payments: words while they are typed, filters such as `status:failed` at Enter. The key `/` leads here. */
export function SearchPayments({ text, onSearch }: Props) {
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  const timer = useRef<number>(undefined);
  const name = useNames();
  useEffect(() => () => window.clearTimeout(timer.current), []);
  if (known !== text) {
    setKnown(text);
    setTyped(text);
  }
  const search = (next: string) => {
    window.clearTimeout(timer.current);
    onSearch(name(readSearch(next)));
  };
  const write = (next: string) => {
    setTyped(next);
    window.clearTimeout(timer.current);
    if (!next.includes(":")) {
      timer.current = window.setTimeout(() => onSearch({ text: next.trim() }), PAUSE);
    }
  };
  return (
    <Input
      type="search"
      data-page-search
      before={<Search aria-hidden className="size-4" strokeWidth={1.5} />}
      after={
        typed !== "" && (
          <IconButton
            icon={X}
            size="sm"
            label={m.payments_search_clear()}
            onClick={() => {
              setTyped("");
              search("");
            }}
          />
        )
      }
      aria-label={m.payments_search()}
      placeholder={m.payments_search_hint()}
      title={m.payments_search_operators()}
      value={typed}
      onValueChange={write}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          search(typed);
        }
      }}
      className="min-h-7 min-w-48 flex-1 text-body [&_input::-webkit-search-cancel-button]:hidden"
    />
  );
}

/** Finds the endpoint and the network that a search names; a name that none has is looked for as a word. */
function useNames(): (meant: Meant) => Meant {
  const platform = usePlatform();
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const { data: status } = useQuery(statusQuery(platform));
  return ({ endpoint, network, ...meant }) => {
    const known = endpoints?.items.find(
      ({ title, path }) => endpoint !== undefined && (path === endpoint || has(title, endpoint)),
    );
    const on = status?.networks.find(
      (one) => network !== undefined && (one.network === network || has(one.title, network)),
    );
    const unknown = [known === undefined && endpoint, on === undefined && network];
    return {
      ...meant,
      ...(known !== undefined && { endpoint: known.id }),
      ...(on !== undefined && { network: on.network }),
      text: [meant.text, ...unknown].filter((word) => typeof word === "string" && word !== "").join(" "),
    };
  };
}

function has(title: string, part: string): boolean {
  return title.toLowerCase().includes(part.toLowerCase());
}
