import { Link } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { StatusView } from "../../api/generated/StatusView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { ErrorState } from "../../ui/ErrorState";
import { Stages } from "./Stages";
import { useTrial } from "./useTrial";

interface Props {
  status: StatusView;
  endpoints: readonly EndpointView[];
}

/** A first sale from end to end: in practice by the built-in buyer, elsewhere by whoever opens the link. */
export function TryStep({ status, endpoints }: Props) {
  const isPractice = status.environment === "practice";
  const ware = endpoints.findLast(({ state }) => state === "live");
  const { begin, isPending, error, payment } = useTrial();
  const isOver = payment?.timeline.some(({ step }) => step === "settled" || step === "settled_elsewhere");
  return (
    <>
      <p>{isPractice ? m.welcome_try_text() : m.welcome_try_real()}</p>
      {isPractice && (
        <Button
          className="self-start"
          variant={payment === undefined ? "primary" : "secondary"}
          icon={FlaskConical}
          loading={isPending}
          reason={ware === undefined ? m.welcome_try_nothing() : (status.offlineReason ?? null)}
          onClick={() => ware !== undefined && begin(ware.path)}
        >
          {payment === undefined ? m.welcome_try_buy() : m.welcome_try_again()}
        </Button>
      )}
      {error !== null && <ErrorState title={m.welcome_try_failed()} error={error} />}
      <Stages payment={payment} isRunning={isPending || payment !== undefined} />
      {payment !== undefined && isOver === true && (
        <p role="status" className="text-settled">
          {m.welcome_try_done()}{" "}
          <Link
            to="/payments/$payment"
            params={{ payment: payment.id }}
            className="font-medium underline underline-offset-2"
          >
            {m.welcome_try_show()}
          </Link>
        </p>
      )}
    </>
  );
}
