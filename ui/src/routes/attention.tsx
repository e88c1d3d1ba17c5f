import { createFileRoute } from "@tanstack/react-router";
import { AttentionPage } from "../features/attention/AttentionPage";
import { FailureActions } from "../features/failures/FailureActions";
import { RetryAll } from "../features/failures/RetryAll";

export const Route = createFileRoute("/attention")({ component: Open });

function Open() {
  return (
    <AttentionPage
      actions={(failure) => <FailureActions failure={failure} size="sm" />}
      forAll={(failures) => <RetryAll failures={failures} />}
    />
  );
}
