import { createFileRoute } from "@tanstack/react-router";
import { PaymentDrawer } from "../features/payments/PaymentDrawer";

export const Route = createFileRoute("/payments/$payment")({ component: Open });

function Open() {
  return <PaymentDrawer payment={Route.useParams().payment} />;
}
