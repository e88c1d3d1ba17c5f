import { createFileRoute } from "@tanstack/react-router";
import { BuyerDrawer } from "../features/buyers/BuyerDrawer";

export const Route = createFileRoute("/buyers/$buyer")({ component: Open });

function Open() {
  return <BuyerDrawer buyer={Route.useParams().buyer} />;
}
