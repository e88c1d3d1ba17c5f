import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Receipt, Tag, Users } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, paymentQuery, recentPaymentsQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { shorten } from "../../lib/address";
import { formatCount } from "../../lib/money";
import { Money } from "../../ui/Money";
import { stateWord } from "../../ui/StateBadge";
import { PaletteGroup, PaletteItem } from "./PaletteGroup";

/** How many payments are looked through, newest first. */
const REACH = 500;

/** From how many characters on an id is looked for. */
const LEAST = 4;

const MOST = 8;

const MOST_BUYERS = 3;

const WHOLE_ADDRESS = /^0x[0-9a-f]{40}$/;
const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The endpoints, the payments whose id, buyer or transaction begins with what was typed, and those buyers; of old payments, the id. */
export function PaletteFinds({ text, close }: { text: string; close(): void }) {
  const platform = usePlatform();
  const navigate = useNavigate();
  const wanted = text.trim().toLowerCase();
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const { data: payments } = useQuery({
    ...recentPaymentsQuery(platform, REACH),
    enabled: wanted.length >= LEAST,
  });
  const { data: named } = useQuery({
    ...paymentQuery(platform, wanted),
    enabled: WHOLE_ID.test(wanted),
  });
  const recent = (wanted.length < LEAST ? [] : (payments?.items ?? []))
    .filter(({ id, payer, transaction }) =>
      [id, payer, transaction].some((part) => part?.toLowerCase().startsWith(wanted)),
    )
    .slice(0, MOST);
  const buyers = new Set(
    (wanted.length < LEAST ? [] : (payments?.items ?? []))
      .map(({ payer }) => payer)
      .filter((payer) => payer.toLowerCase().startsWith(wanted)),
  );
  if (WHOLE_ADDRESS.test(wanted) && buyers.size === 0) {
    buyers.add(wanted);
  }
  const found = named === undefined || recent.some(({ id }) => id === named.id) ? recent : [named];
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

/** Says how far payments are looked through, where there are older ones. */
export function PaletteReach({ text }: { text: string }) {
  const { data } = useQuery({
    ...recentPaymentsQuery(usePlatform(), REACH),
    enabled: text.trim().length >= LEAST,
  });
  return data === undefined || data.next === null || text.trim().length < LEAST ? null : (
    <p className="border-t px-4 py-2 text-caption text-text-2">
      {m.shell_palette_reach({ count: formatCount(REACH) })}
    </p>
  );
}
