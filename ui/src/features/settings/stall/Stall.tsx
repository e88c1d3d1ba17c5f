import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import type { StatusView } from "../../../api/generated/StatusView";
import { usePlatform } from "../../../api/platform-context";
import { settingsQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { ErrorState } from "../../../ui/ErrorState";
import { Skeleton } from "../../../ui/Skeleton";
import { useOpen } from "../../../ui/useOpen";
import { Row, Section } from "../Section";
import { MostDownloads } from "./MostDownloads";
import { OnOff } from "./OnOff";
import { SellerPicture } from "./SellerPicture";
import { ShownForm } from "./ShownForm";
import { SHOWN, type Shown } from "./shown";

/** What the stall shows of its seller, and how it serves buyers. */
export function Stall({ status: { url } }: { status: StatusView }) {
  const { data, error, refetch, isFetching } = useQuery(settingsQuery(usePlatform()));
  const open = useOpen();
  const settingOf = (name: string) => data?.items.find(({ key }) => key === name)?.value ?? "";
  const shown = Object.fromEntries(SHOWN.map(({ key }) => [key, settingOf(key)])) as Shown;
  return (
    <Section anchor="stall" title={m.stall_title()} text={m.stall_text()}>
      <Row
        title={m.stall_page()}
        text={url === null ? m.stall_page_closed() : <bdi className="break-all">{url}</bdi>}
        control={
          url !== null && (
            <Button size="sm" icon={ExternalLink} onClick={() => void open(url)}>
              {m.stall_page_open()}
            </Button>
          )
        }
      />
      {data !== undefined ? (
        <>
          <Row>
            <ShownForm saved={shown} />
          </Row>
          <Row>
            <SellerPicture />
          </Row>
          <Row>
            <MostDownloads saved={settingOf("downloads-per-payment")} />
          </Row>
          <OnOff
            setting="id-as-transaction"
            value={settingOf("id-as-transaction")}
            title={m.stall_id_as_transaction()}
            text={m.stall_id_as_transaction_text()}
          />
          <OnOff
            setting="request-addresses"
            value={settingOf("request-addresses")}
            title={m.stall_addresses()}
            text={m.stall_addresses_text()}
          />
        </>
      ) : error !== null ? (
        <ErrorState
          title={m.settings_failed()}
          error={error}
          retrying={isFetching}
          onRetry={() => void refetch()}
        />
      ) : (
        <Row>
          <Skeleton className="h-40 w-full" />
        </Row>
      )}
    </Section>
  );
}
