import { useQueryClient } from "@tanstack/react-query";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Page } from "../../ui/Page";

/** A page that broke. The rest of the window goes on. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const client = useQueryClient();
  return (
    <ErrorState
      title={m.shell_crashed()}
      error={error instanceof Error ? error : new Error(String(error))}
      onRetry={() => {
        void client.resetQueries();
        reset();
        void router.invalidate();
      }}
    />
  );
}

/** An address that leads nowhere. */
export function RouteNotFound() {
  return (
    <Page title={m.shell_not_found_title()}>
      <EmptyState
        icon={MapPinOff}
        title={m.shell_not_found_title()}
        text={m.shell_not_found_text()}
        action={
          <Link to="/" className={buttonLook({ variant: "primary" })}>
            {m.shell_not_found_action()}
          </Link>
        }
      />
    </Page>
  );
}
