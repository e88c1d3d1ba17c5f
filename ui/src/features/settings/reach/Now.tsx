import { Globe, LockOpen, QrCode as QrIcon, ShoppingBag } from "lucide-react";
import { useState } from "react";
import type { ReachView } from "../../../api/generated/ReachView";
import { useReachCheck, useReachOff, useReachTry } from "../../../api/reach";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { CopyButton } from "../../../ui/CopyButton";
import { Dialog } from "../../../ui/Dialog";
import { IconButton } from "../../../ui/IconButton";
import { QrCode } from "../../../ui/QrCode";
import { Refusal } from "../../../ui/Refusal";
import { TimeAgo } from "../../../ui/TimeAgo";
import { notify } from "../../../ui/toast";
import { Point } from "../networks/Point";
import { Row, Section } from "../Section";
import { UnlockWay } from "./UnlockWay";
import { WayFacts } from "./Way";

interface Props {
  reach: ReachView;
  /** Changes what the chosen way was given. */
  onChange(): void;
}

/** The chosen way, how it stands, and what was found at its end. */
export function Now({ reach, onChange }: Props) {
  const { way, url, also, sentence, nextTryAt, token } = reach;
  const [isUnlocking, setUnlocking] = useState(false);
  const off = useReachOff();
  const isOutside = way.kind !== "this_computer";
  const turnOff = () =>
    off.mutate(null, {
      onSuccess: (now) => notify({ title: m.reach_was_off(), description: now.sentence, tone: "neutral" }),
    });
  return (
    <Section title={m.reach_now()} text={m.reach_now_text()}>
      <Row
        title={way.title}
        text={sentence}
        control={
          <span className="flex flex-wrap gap-2">
            {(way.takesAddress || way.takesToken || way.kind === "this_network") && (
              <Button size="sm" onClick={onChange}>
                {m.reach_change()}
              </Button>
            )}
            {isOutside && (
              <Button size="sm" loading={off.isPending} onClick={turnOff}>
                {m.reach_turn_off()}
              </Button>
            )}
          </span>
        }
      >
        {off.error !== null && <Refusal title={m.settings_not_saved()} error={off.error} />}
        {nextTryAt !== null && (
          <p className="text-caption text-text-2">
            {m.reach_next_try()} <TimeAgo at={nextTryAt} />
          </p>
        )}
        {url !== null && <Addresses urls={[url, ...also]} />}
        {token === "locked" && (
          <Button
            size="sm"
            variant="primary"
            icon={LockOpen}
            className="mt-2"
            onClick={() => setUnlocking(true)}
          >
            {m.reach_unlock()}
          </Button>
        )}
        <WayFacts way={way} />
        {way.programPath !== null && (
          <p className="mt-1 text-caption text-text-2">
            {m.reach_program_at({ program: way.program ?? "" })}{" "}
            <bdi className="font-mono break-all">{way.programPath}</bdi>
          </p>
        )}
      </Row>
      {isOutside && <FromOutside reach={reach} />}
      {isOutside && <OnTrial />}
      <UnlockWay open={isUnlocking} onOpenChange={setUnlocking} />
    </Section>
  );
}

function Addresses({ urls }: { urls: readonly string[] }) {
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <ul className="mt-1 flex flex-col gap-1">
        {urls.map((url) => (
          <li key={url} className="flex items-center gap-1">
            <code className="min-w-0 font-mono text-caption break-all">{url}</code>
            <CopyButton text={url} what={m.reach_address_what()} />
            <IconButton icon={QrIcon} size="sm" label={m.reach_qr({ url })} onClick={() => setShown(url)} />
          </li>
        ))}
      </ul>
      <Dialog
        open={shown !== null}
        onOpenChange={(isOpen) => !isOpen && setShown(null)}
        title={m.reach_qr_title()}
        description={m.reach_qr_text()}
      >
        {shown !== null && (
          <div className="flex flex-col items-center gap-3">
            <QrCode value={shown} label={m.reach_qr({ url: shown })} />
            <code className="font-mono text-caption break-all">{shown}</code>
          </div>
        )}
      </Dialog>
    </>
  );
}

/** Whether the stall answers to somebody outside. */
function FromOutside({ reach: { check } }: { reach: ReachView }) {
  const { mutate, isPending, error } = useReachCheck();
  return (
    <Row
      title={m.reach_outside()}
      text={m.reach_outside_text()}
      control={
        <Button size="sm" icon={Globe} loading={isPending} onClick={() => mutate(null)}>
          {m.reach_ask()}
        </Button>
      }
    >
      {check !== null && (
        <div aria-live="polite" className="mt-1">
          <ul>
            <Point state={check.answer === "stall" ? "ok" : "failed"} sentence={check.sentence} />
          </ul>
          <p className="mt-0.5 pl-6 text-caption text-text-2">
            <TimeAgo at={check.at} /> · {m.reach_took({ ms: formatCount(check.tookMs) })}
            {check.missed > 1 && ` · ${m.reach_missed({ count: check.missed })}`}
          </p>
        </div>
      )}
      {error !== null && <Refusal title={m.reach_ask_failed()} error={error} />}
    </Row>
  );
}

/** A purchase through the public address, step by step. */
function OnTrial() {
  const { mutate, data, isPending, error } = useReachTry();
  return (
    <Row
      title={m.reach_try_title()}
      text={m.reach_try_text()}
      control={
        <Button size="sm" icon={ShoppingBag} loading={isPending} onClick={() => mutate(null)}>
          {m.reach_try()}
        </Button>
      }
    >
      <div aria-live="polite">
        {data !== undefined && (
          <ul className="mt-1 flex flex-col gap-1">
            {data.steps.map(({ step, ok, sentence }) => (
              <Point key={step} state={ok ? "ok" : "failed"} sentence={`${stepWord(step)}: ${sentence}`} />
            ))}
          </ul>
        )}
      </div>
      {error !== null && <Refusal title={m.reach_try_failed()} error={error} />}
    </Row>
  );
}

/** A step that this window does not know keeps its own word. */
function stepWord(step: string): string {
  switch (step) {
    case "reach":
      return m.reach_step_reach();
    case "offer":
      return m.reach_step_offer();
    case "v1":
      return m.reach_step_buy({ version: 1 });
    case "v2":
      return m.reach_step_buy({ version: 2 });
    default:
      return step;
  }
}
