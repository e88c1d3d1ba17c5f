import { createFileRoute } from "@tanstack/react-router";
import { NetworkSheet } from "../features/settings/networks/NetworkSheet";

export const Route = createFileRoute("/settings/networks/$network")({ component: Open });

function Open() {
  return <NetworkSheet network={Route.useParams().network} />;
}
