import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { SearchInput } from "../../ui/SearchInput";
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
  const timer = useRef<number>(undefined);
  const name = useNames();
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const search = (next: string) => {
    window.clearTimeout(timer.current);
    onSearch(name(readSearch(next)));
  };
  const write = (next: string) => {
    window.clearTimeout(timer.current);
    if (!next.includes(":")) {
      timer.current = window.setTimeout(() => onSearch({ text: next.trim() }), PAUSE);
    }
  };
  return (
    <SearchInput
      text={text}
      onType={write}
      onClear={() => search("")}
      onEnter={search}
      label={m.payments_search()}
      clearLabel={m.payments_search_clear()}
      placeholder={m.payments_search_hint()}
      title={m.payments_search_operators()}
      className="min-w-48 flex-1"
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
