import { createFileRoute } from "@tanstack/react-router";
import { FailureActions } from "../features/failures/FailureActions";
import { PaymentDrawer } from "../features/payments/PaymentDrawer";

export const Route = createFileRoute("/payments/$payment")({ component: Open });

function Open() {
  return (
    <PaymentDrawer
      payment={Route.useParams().payment}
      actions={(failure) => <FailureActions failure={failure} />}
    />
  );
}
