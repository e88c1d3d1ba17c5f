import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Receipt, Tag } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, recentPaymentsQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { shorten } from "../../lib/address";
import { Money } from "../../ui/Money";
import { stateWord } from "../../ui/StateBadge";
import { PaletteGroup, PaletteItem } from "./PaletteGroup";

/** How many payments are looked through, newest first. */
const REACH = 500;

/** From how many characters on an id is looked for. */
const LEAST = 4;

const MOST = 8;

/** The endpoints, and the payments whose id, buyer or transaction begins with what was typed. */
export function PaletteFinds({ text, close }: { text: string; close(): void }) {
  const platform = usePlatform();
  const navigate = useNavigate();
  const wanted = text.trim().toLowerCase();
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const { data: payments } = useQuery({
    ...recentPaymentsQuery(platform, REACH),
    enabled: wanted.length >= LEAST,
  });
  const found = (wanted.length < LEAST ? [] : (payments?.items ?? []))
    .filter(({ id, payer, transaction }) =>
      [id, payer, transaction].some((part) => part?.toLowerCase().startsWith(wanted)),
    )
    .slice(0, MOST);
  return (
    <>
      {(endpoints?.items ?? []).length > 0 && (
        <PaletteGroup title={m.shell_palette_endpoints()}>
          {(endpoints?.items ?? []).map(({ id, title, path }) => (
            <PaletteItem
              key={id}
              icon={Tag}
              label={title}
              value={`${title} ${path} ${id}`}
              aside={path}
              onSelect={() => {
                close();
                void navigate({ to: "/endpoints/$endpoint", params: { endpoint: id } });
              }}
            />
          ))}
        </PaletteGroup>
      )}
      {found.length > 0 && (
        <PaletteGroup title={m.shell_palette_payments()}>
          {found.map((payment) => (
            <PaletteItem
              key={payment.id}
              icon={Receipt}
              label={
                <>
                  <Money value={payment.formatted} /> {payment.endpointTitle}
                </>
              }
              value={`${payment.id} ${payment.payer} ${payment.transaction ?? ""}`}
              aside={`${stateWord(payment.state)} · ${shorten(payment.id, 8, 4)}`}
              onSelect={() => {
                close();
                void navigate({ to: "/payments/$payment", params: { payment: payment.id } });
              }}
            />
          ))}
        </PaletteGroup>
      )}
    </>
  );
}
