import { ChevronDown, FilePlus2, FolderPlus, PencilLine, Server } from "lucide-react";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { usePricing } from "./pricing-context";

/** How something is put up for sale without being dropped: a file first, anything else behind one button. */
export function PriceButtons({ primary = false }: { primary?: boolean }) {
  const { pick, pickFolder, write, serve } = usePricing();
  return (
    <span className="flex flex-wrap gap-2">
      <Menu
        label={m.endpoints_price_other()}
        trigger={
          <Button>
            {m.endpoints_price_other()}
            <ChevronDown aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
          </Button>
        }
        items={[
          { name: "text", label: m.endpoints_price_text(), icon: PencilLine, onSelect: write },
          { name: "service", label: m.endpoints_price_service(), icon: Server, onSelect: serve },
          { name: "folder", label: m.endpoints_price_folder(), icon: FolderPlus, onSelect: pickFolder },
        ]}
      />
      <Button {...(primary && { variant: "primary" as const })} icon={FilePlus2} onClick={pick}>
        {m.endpoints_price_file()}
      </Button>
    </span>
  );
}
