import { Outlet, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { m } from "../../i18n/messages";
import { Page } from "../../ui/Page";
import { SearchInput } from "../../ui/SearchInput";
import { Select } from "../../ui/Select";
import { ChosenBar } from "./ChosenBar";
import { EndpointsTable } from "./EndpointsTable";
import { PriceButtons } from "./PriceButtons";
import { usePricing } from "./pricing-context";
import { Unfinished } from "./Unfinished";
import { useChosen } from "./useChosen";
import { SHOWN, useShelf } from "./useShelf";

/** The list, with the drawer of the route below it. */
export function EndpointsPage() {
  const { add } = useSearch({ from: "/endpoints" });
  const navigate = useNavigate({ from: "/endpoints" });
  const { pick } = usePricing();
  const { all, found, text, state } = useShelf();
  const chosen = useChosen(found);

  // Asked for by the address, as the key N does: once, so that going back asks nothing.
  useEffect(() => {
    if (add === true) {
      void navigate({ search: (before) => ({ ...before, add: undefined }), replace: true });
      pick();
    }
  }, [add, navigate, pick]);

  const find = (q: string) =>
    void navigate({ search: (before) => ({ ...before, q: q === "" ? undefined : q }), replace: true });

  return (
    <>
      <Page title={m.endpoints_title()} action={<PriceButtons primary />} fill>
        <Unfinished />
        {chosen.chosen.length > 0 && <ChosenBar chosen={chosen} />}
        {all !== undefined && all.length > 0 && chosen.chosen.length === 0 && (
          <div className="flex flex-wrap items-center gap-3">
            <SearchInput
              text={text}
              onType={find}
              onClear={() => find("")}
              label={m.endpoints_search()}
              clearLabel={m.endpoints_search_clear()}
              placeholder={m.endpoints_search()}
              className="w-72 max-w-full"
            />
            <Select
              label={m.endpoints_filter()}
              items={[
                { value: "all", label: m.endpoints_filter_all() },
                { value: "live", label: m.endpoints_on_sale() },
                { value: "paused", label: m.endpoints_paused() },
                { value: "spoiled", label: m.endpoints_filter_spoiled() },
              ]}
              value={state ?? "all"}
              onValueChange={(value) =>
                navigate({
                  search: (before) => ({ ...before, state: SHOWN.find((one) => one === value) }),
                  replace: true,
                })
              }
              className="min-h-8 w-44"
            />
            <output className="text-text-2 tabular-nums">
              {text === "" && state === undefined
                ? m.endpoints_count({ count: all.length })
                : m.endpoints_found({ found: found?.length ?? 0, count: all.length })}
            </output>
          </div>
        )}
        <EndpointsTable chosen={chosen} />
      </Page>
      <Outlet />
    </>
  );
}
