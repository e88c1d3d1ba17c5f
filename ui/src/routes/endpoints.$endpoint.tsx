import { createFileRoute } from "@tanstack/react-router";
import { EndpointDrawer } from "../features/endpoints/EndpointDrawer";

export const Route = createFileRoute("/endpoints/$endpoint")({ component: Open });

function Open() {
  return <EndpointDrawer endpoint={Route.useParams().endpoint} />;
}
