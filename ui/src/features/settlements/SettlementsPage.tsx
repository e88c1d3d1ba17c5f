import { m } from "../../i18n/messages";
import { Page } from "../../ui/Page";
import { BatchList } from "./BatchList";
import { GasCard } from "./GasCard";
import { NextCard } from "./NextCard";
import { PendingCard } from "./PendingCard";
import { Scroll } from "./Scroll";
import { SettleButton } from "./SettleButton";

/** What waits to be settled, and every batch there was. */
export function SettlementsPage({ at }: { at?: number | undefined }) {
  return (
    <Page title={m.settlements_title()} action={<SettleButton />} fill>
      <Scroll>
        <div className="grid shrink-0 grid-cols-[repeat(auto-fit,minmax(15rem,1fr))] gap-4">
          <PendingCard />
          <NextCard />
          <GasCard />
        </div>
        <div className="flex min-h-80 flex-1 flex-col">
          <BatchList at={at} />
        </div>
      </Scroll>
    </Page>
  );
}
