import { createFileRoute } from "@tanstack/react-router";
import { BatchPage } from "../features/settlements/BatchPage";

export const Route = createFileRoute("/settlements/$batch")({ component: Open });

function Open() {
  return <BatchPage batch={Route.useParams().batch} />;
}
