import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button, buttonLook } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { cn } from "../../ui/cn";
import { useCopy } from "../../ui/useCopy";
import { noteLinkCopied, useLinkCopied } from "./link-copied";
import { TestPurchase } from "./TestPurchase";

interface Step {
  title: string;
  text: string;
  done: boolean;
  /** What takes the step. */
  action: ReactNode;
}

/** The way to the first money, for a stall that has none. It goes when the first payment is settled. */
export function GettingStarted({ onBuy }: { onBuy(): void }) {
  const platform = usePlatform();
  const { data: status } = useQuery(statusQuery(platform));
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const linkCopied = useLinkCopied();
  if (status === undefined || endpoints === undefined || status.money.settled.payments > 0) {
    return null;
  }
  const sold = status.totals.length > 0;
  const priced = endpoints.items.length > 0 || sold;
  const url = endpoints.items.find((endpoint) => endpoint.url !== null)?.url ?? null;
  const isPractice = status.environment === "practice";
  const steps: Step[] = [
    {
      title: m.home_start_price(),
      text: m.home_start_price_text(),
      done: priced,
      action: (
        <Link
          to="/endpoints"
          search={{ add: true }}
          className={buttonLook({ variant: "primary", size: "sm" })}
        >
          {m.home_price_file()}
        </Link>
      ),
    },
    {
      title: m.home_start_link(),
      text: m.home_start_link_text(),
      done: linkCopied || sold,
      action: url !== null && <CopyLink url={url} />,
    },
    {
      title: m.home_start_sale(),
      text: isPractice ? m.home_start_sale_practice() : m.home_start_sale_text(),
      done: sold,
      action: isPractice && <TestPurchase size="sm" onPress={onBuy} />,
    },
    {
      title: m.home_start_settle(),
      text: m.home_start_settle_text(),
      done: false,
      action: status.money.pending.payments > 0 && (
        <Link
          to="/settlements"
          search={{ settle: true }}
          className={buttonLook({ variant: "primary", size: "sm" })}
        >
          {m.home_settle()}
        </Link>
      ),
    },
  ];
  const next = steps.findIndex(({ done }) => !done);
  return (
    <Card
      title={m.home_start()}
      aside={
        <span className="text-caption text-text-2">
          {m.home_start_progress({ done: steps.filter(({ done }) => done).length, count: steps.length })}
        </span>
      }
    >
      <p className="-mt-2 mb-3 text-text-2">
        {m.home_start_text()}{" "}
        <Link to="/welcome" className="font-medium text-accent-text underline underline-offset-2">
          {m.home_start_guide()}
        </Link>
      </p>
      <ol className="grid grid-cols-[repeat(auto-fit,minmax(13rem,1fr))] gap-3">
        {steps.map(({ title, text, done, action }, place) => (
          <li
            key={title}
            aria-current={place === next ? "step" : undefined}
            className={cn(
              "flex flex-col gap-1 rounded-control border p-3",
              place === next && "border-accent bg-accent-soft/40",
            )}
          >
            <span className="flex items-center gap-2">
              <span
                aria-hidden
                className={cn(
                  "inline-flex size-5 shrink-0 items-center justify-center rounded-full text-caption font-medium",
                  done ? "bg-settled-soft text-settled" : "bg-surface-2 text-text-2",
                )}
              >
                {done ? <Check className="size-3" strokeWidth={2.5} /> : place + 1}
              </span>
              <span className={cn("font-medium", done && "text-text-2 line-through")}>{title}</span>
              {done && <span className="sr-only">{m.home_start_done()}</span>}
            </span>
            {!done && <span className="text-caption text-text-2">{text}</span>}
            {place === next && action !== false && <span className="mt-auto pt-2">{action}</span>}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function CopyLink({ url }: { url: string }) {
  const { copied, copy } = useCopy();
  useEffect(() => {
    if (copied) {
      noteLinkCopied();
    }
  }, [copied]);
  return (
    <Button variant="primary" size="sm" icon={copied ? Check : Copy} onClick={() => void copy(url)}>
      {m.home_start_link_copy()}
    </Button>
  );
}
