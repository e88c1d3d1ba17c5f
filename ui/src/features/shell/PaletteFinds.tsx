import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Receipt, Tag, Users } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, foundPaymentsQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { Money } from "../../ui/Money";
import { stateWord } from "../../ui/StateBadge";
import { PaletteGroup, PaletteItem } from "./PaletteGroup";

/** From how many characters on an id is looked for. */
const LEAST = 4;

const MOST = 8;

const MOST_BUYERS = 3;

const WHOLE_ADDRESS = /^0x[0-9a-f]{40}$/;

/** The endpoints, the payments whose id, buyer, transaction or nonce begins with what was typed, and those buyers. */
export function PaletteFinds({ text, close }: { text: string; close(): void }) {
  const platform = usePlatform();
  const navigate = useNavigate();
  const wanted = text.trim().toLowerCase();
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const { data: payments } = useQuery({
    ...foundPaymentsQuery(platform, wanted, MOST),
    enabled: wanted.length >= LEAST,
  });
  const found = wanted.length < LEAST ? [] : (payments?.items ?? []);
  const buyers = new Set(
    found.map(({ payer }) => payer).filter((payer) => payer.toLowerCase().startsWith(wanted)),
  );
  if (WHOLE_ADDRESS.test(wanted) && buyers.size === 0) {
    buyers.add(wanted);
  }
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
      {buyers.size > 0 && (
        <PaletteGroup title={m.buyers_title()}>
          {[...buyers].slice(0, MOST_BUYERS).map((payer) => (
            <PaletteItem
              key={payer}
              icon={Users}
              label={shorten(payer, 14, 12)}
              value={`${payer} buyer`}
              onSelect={() => {
                close();
                void navigate({ to: "/buyers/$buyer", params: { buyer: payer } });
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
              // The stall found it by what was typed, whatever that was part of.
              value={`${wanted} ${payment.id}`}
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
