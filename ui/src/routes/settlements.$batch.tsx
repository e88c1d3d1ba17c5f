import { createFileRoute } from "@tanstack/react-router";
import { ExportChosen } from "../features/exports/ExportChosen";
import { BatchPage } from "../features/settlements/BatchPage";

export const Route = createFileRoute("/settlements/$batch")({ component: Open });

function Open() {
  return (
    <BatchPage
      batch={Route.useParams().batch}
      actions={({ id, items }) => (
        <ExportChosen payments={items.map(({ payment }) => payment)} name={`stallkeeper-batch-${id}.csv`} />
      )}
    />
  );
}
