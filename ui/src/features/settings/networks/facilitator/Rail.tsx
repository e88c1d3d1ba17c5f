import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { facilitatorsQuery } from "../../../../api/facilitators";
import type { FacilitatorView } from "../../../../api/generated/FacilitatorView";
import type { NetworkItem } from "../../../../api/generated/NetworkItem";
import { usePlatform } from "../../../../api/platform-context";
import { m } from "../../../../i18n/messages";
import { Badge } from "../../../../ui/Badge";
import { Button } from "../../../../ui/Button";
import { Skeleton } from "../../../../ui/Skeleton";
import { Part } from "../Part";
import { FacilitatorChecks } from "./FacilitatorChecks";
import { FacilitatorDialog } from "./FacilitatorDialog";
import { RemoveFacilitator } from "./RemoveFacilitator";
import { UnlockFacilitator } from "./UnlockFacilitator";

interface Props {
  item: NetworkItem;
  /** Practice settles by itself. */
  isEditable: boolean;
}

/** How the network's payments are settled: by the gas wallet, or by a facilitator. */
export function Rail({ item, isEditable }: Props) {
  const { data } = useQuery(facilitatorsQuery(usePlatform()));
  const [isOpen, setOpen] = useState(false);
  const known = data?.items.find(({ network }) => network === item.network);
  return (
    <Part
      title={m.networks_rail()}
      aside={
        isEditable &&
        data !== undefined && (
          <Button size="sm" onClick={() => setOpen(true)}>
            {known === undefined ? m.networks_facilitator_open() : m.networks_facilitator_change()}
          </Button>
        )
      }
    >
      {data === undefined ? (
        <Skeleton className="w-full" />
      ) : known === undefined ? (
        <p className="text-text-2">{m.networks_rail_own()}</p>
      ) : (
        <Known item={item} facilitator={known} />
      )}
      <FacilitatorDialog item={item} known={known} open={isOpen} onClose={() => setOpen(false)} />
    </Part>
  );
}

function Known({ item, facilitator }: { item: NetworkItem; facilitator: FacilitatorView }) {
  const { host, sentence, version, credential, keyId, locked } = facilitator;
  return (
    <div className="flex flex-col gap-3">
      <p className="break-words">{sentence}</p>
      <ul className="flex flex-wrap gap-1.5">
        <li>
          <Badge>{host}</Badge>
        </li>
        <li>
          <Badge>{m.networks_facilitator_version({ version })}</Badge>
        </li>
        <li>
          <Badge>{credentialWord(credential, keyId)}</Badge>
        </li>
      </ul>
      {locked && <UnlockFacilitator />}
      <FacilitatorChecks network={item.network} />
      <RemoveFacilitator item={item} host={host} />
    </div>
  );
}

function credentialWord(credential: string, keyId: string | null): string {
  switch (credential) {
    case "none":
      return m.networks_credential_none();
    case "bearer":
      return m.networks_credential_bearer();
    default:
      return m.networks_credential_key({ kind: credential.toUpperCase(), id: keyId ?? "" });
  }
}
