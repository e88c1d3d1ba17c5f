import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, ArrowRight, Check } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { reachQuery } from "../../api/reach";
import { m } from "../../i18n/messages";
import { Button, buttonLook } from "../../ui/Button";
import { cn } from "../../ui/cn";
import { ErrorState } from "../../ui/ErrorState";
import { Page } from "../../ui/Page";
import { SkeletonRows } from "../../ui/Skeleton";
import { EnvironmentStep } from "./EnvironmentStep";
import { MoneyStep } from "./MoneyStep";
import { PriceStep } from "./PriceStep";
import { finish, STEPS, type Step, skip, useStep } from "./progress";
import { ReachStep } from "./ReachStep";
import { TryStep } from "./TryStep";

const TITLES: Record<Step, () => string> = {
  money: m.welcome_money,
  environment: m.welcome_environment,
  price: m.welcome_price,
  reach: m.welcome_reach,
  try: m.welcome_try,
};

interface Props {
  /** The kinds of money there are, and the way from one to another. */
  environment: ReactNode;
  /** The buttons that put something up for sale. */
  price: ReactNode;
  /** How the stall is reached, and the way to change it. */
  reach: ReactNode;
}

/** From an empty stall to a first sale, in five steps that can be left and gone on with at any time. */
export function WelcomePage({ environment, price, reach }: Props) {
  const platform = usePlatform();
  const { data: status, error, refetch, isFetching } = useQuery(statusQuery(platform));
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const isReached = useQuery(reachQuery(platform)).data?.state === "online";
  const navigate = useNavigate();
  const { step, goTo } = useStep();
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  // Whoever goes on with the keyboard or hears the page is led to the step's heading.
  useEffect(() => {
    if (before.current !== step) {
      before.current = step;
      heading.current?.focus();
    }
  }, [step]);
  const place = STEPS.indexOf(step);
  const next = STEPS[place + 1];
  const previous = STEPS[place - 1];
  const done: Record<Step, boolean> = {
    money: status?.networks.some(({ payTo }) => payTo !== null) ?? false,
    environment: place > STEPS.indexOf("environment"),
    price: (endpoints?.items.length ?? 0) > 0,
    reach: isReached,
    try: (status?.money.settled.payments ?? 0) > 0,
  };
  return (
    <Page title={m.welcome_title()}>
      <div className="mx-auto flex w-full max-w-[64rem] flex-wrap items-start gap-6">
        <ol aria-label={m.welcome_steps()} className="flex w-56 shrink-0 flex-col gap-1">
          {STEPS.map((one, number) => (
            <li key={one}>
              <button
                type="button"
                aria-current={one === step ? "step" : undefined}
                onClick={() => goTo(one)}
                className="flex min-h-9 w-full items-center gap-2.5 rounded-control px-2.5 text-left hover:bg-surface-2 aria-[current=step]:bg-accent-soft aria-[current=step]:font-medium aria-[current=step]:text-accent-text"
              >
                <span
                  aria-hidden
                  className={cn(
                    "inline-flex size-5 shrink-0 items-center justify-center rounded-full text-caption font-medium",
                    done[one] ? "bg-settled-soft text-settled" : "bg-surface-2 text-text-2",
                  )}
                >
                  {done[one] ? <Check className="size-3" strokeWidth={2.5} /> : number + 1}
                </span>
                {TITLES[one]()}
                {done[one] && <span className="sr-only">{m.welcome_done()}</span>}
              </button>
            </li>
          ))}
        </ol>
        <section
          aria-labelledby="welcome-step"
          className="flex min-w-80 flex-1 flex-col gap-4 rounded-card border bg-surface p-5"
        >
          <div>
            <p className="text-caption text-text-2">
              {m.welcome_place({ place: place + 1, count: STEPS.length })}
            </p>
            <h2 id="welcome-step" ref={heading} tabIndex={-1} className="text-title outline-none">
              {TITLES[step]()}
            </h2>
          </div>
          {status === undefined ? (
            error === null ? (
              <SkeletonRows rows={4} />
            ) : (
              <ErrorState error={error} retrying={isFetching} onRetry={() => void refetch()} />
            )
          ) : step === "money" ? (
            <MoneyStep status={status} />
          ) : step === "environment" ? (
            <EnvironmentStep environment={status.environment}>{environment}</EnvironmentStep>
          ) : step === "price" ? (
            <PriceStep endpoints={endpoints?.items ?? []}>{price}</PriceStep>
          ) : step === "reach" ? (
            <ReachStep endpoints={endpoints?.items ?? []}>{reach}</ReachStep>
          ) : (
            <TryStep status={status} endpoints={endpoints?.items ?? []} />
          )}
          <footer className="flex flex-wrap items-center gap-2 border-t pt-4">
            {previous !== undefined && (
              <Button icon={ArrowLeft} onClick={() => goTo(previous)}>
                {m.welcome_back()}
              </Button>
            )}
            <span className="ml-auto flex flex-wrap gap-2">
              {next !== undefined && previous !== undefined && (
                <Link to="/" onClick={skip} className={buttonLook({ variant: "ghost" })}>
                  {m.welcome_later()}
                </Link>
              )}
              <Button
                variant="primary"
                icon={next === undefined ? Check : ArrowRight}
                reason={
                  step === "money" && status !== undefined && !done.money ? m.welcome_money_first() : null
                }
                onClick={() => {
                  if (next === undefined) {
                    finish();
                    void navigate({ to: "/" });
                  } else {
                    goTo(next);
                  }
                }}
              >
                {next === undefined ? m.welcome_finish() : m.welcome_next()}
              </Button>
            </span>
          </footer>
        </section>
      </div>
    </Page>
  );
}
