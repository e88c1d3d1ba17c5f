import { lazy, Suspense } from "react";
import { m } from "../../../i18n/messages";
import { BackLink } from "../../../ui/BackLink";
import { Page } from "../../../ui/Page";
import { SkeletonRows } from "../../../ui/Skeleton";

// Much text that hardly anybody asks for: it is read only here.
const LicenceList = lazy(async () => ({ default: (await import("./LicenceList")).LicenceList }));

/** What Stallkeeper is made of, and under which licences. */
export function LicencesPage() {
  return (
    <Page title={m.settings_licences()}>
      <div className="mx-auto flex w-full max-w-[64rem] flex-col gap-4">
        <BackLink to="/settings" hash="about">
          {m.settings_title()}
        </BackLink>
        <Suspense fallback={<SkeletonRows rows={12} />}>
          <LicenceList />
        </Suspense>
      </div>
    </Page>
  );
}
