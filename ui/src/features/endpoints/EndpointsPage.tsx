import { Outlet, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { m } from "../../i18n/paraglide/messages";
import { Page } from "../../ui/Page";
import { EndpointsTable } from "./EndpointsTable";
import { PriceButtons } from "./PriceButtons";
import { usePricing } from "./pricing-context";
import { SearchField } from "./SearchField";
import { Unfinished } from "./Unfinished";
import { useShelf } from "./useShelf";

/** The list, with the drawer of the route below it. */
export function EndpointsPage() {
  const { add } = useSearch({ from: "/endpoints" });
  const navigate = useNavigate({ from: "/endpoints" });
  const { pick } = usePricing();
  const { all, found, text } = useShelf();

  // Asked for by the address, as the key N does: once, so that going back asks nothing.
  useEffect(() => {
    if (add === true) {
      void navigate({ search: (before) => ({ ...before, add: undefined }), replace: true });
      pick();
    }
  }, [add, navigate, pick]);

  return (
    <>
      <Page title={m.endpoints_title()} action={<PriceButtons primary />} fill>
        <Unfinished />
        {all !== undefined && all.length > 0 && (
          <div className="flex flex-wrap items-center gap-3">
            <SearchField
              text={text}
              onTextChange={(q) =>
                navigate({
                  search: (before) => ({ ...before, q: q === "" ? undefined : q }),
                  replace: true,
                })
              }
            />
            <output className="text-text-2 tabular-nums">
              {text === ""
                ? m.endpoints_count({ count: all.length })
                : m.endpoints_found({ found: found?.length ?? 0, count: all.length })}
            </output>
          </div>
        )}
        <EndpointsTable />
      </Page>
      <Outlet />
    </>
  );
}
