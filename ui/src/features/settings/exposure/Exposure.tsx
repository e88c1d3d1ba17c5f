import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { StatusView } from "../../../api/generated/StatusView";
import { usePlatform } from "../../../api/platform-context";
import { exposureQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { ErrorState } from "../../../ui/ErrorState";
import { Skeleton } from "../../../ui/Skeleton";
import { Row, Section } from "../Section";
import { CapsForm } from "./CapsForm";
import { MostExposed } from "./MostExposed";
import { Shares } from "./Shares";

/** What is delivered before its money has arrived, and the caps on it. */
export function Exposure({ status }: { status: StatusView }) {
  const { data, error, refetch, isFetching } = useQuery(exposureQuery(usePlatform()));
  const [isOpen, setOpen] = useState(false);
  return (
    <Section anchor="exposure" title={m.exposure_title()} text={m.exposure_text()}>
      {data !== undefined ? (
        <>
          <Row
            title={data.isDefault ? m.exposure_caps_default() : m.exposure_caps_own()}
            text={data.sentence}
            control={<Button onClick={() => setOpen(true)}>{m.exposure_change()}</Button>}
          >
            <Shares view={data} status={status} />
          </Row>
          {data.payers.length > 0 && (
            <Row title={m.exposure_most()}>
              <MostExposed payers={data.payers} />
            </Row>
          )}
          <Dialog
            open={isOpen}
            onOpenChange={setOpen}
            wide
            title={m.exposure_dialog()}
            description={m.exposure_dialog_text()}
          >
            <CapsForm view={data} onDone={() => setOpen(false)} />
          </Dialog>
        </>
      ) : (
        <Row>
          {error !== null ? (
            <ErrorState
              title={m.exposure_missing()}
              error={error}
              retrying={isFetching}
              onRetry={() => void refetch()}
            />
          ) : (
            <Skeleton className="h-36 w-full" />
          )}
        </Row>
      )}
    </Section>
  );
}
