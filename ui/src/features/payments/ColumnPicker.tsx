import { Menu } from "@base-ui/react/menu";
import { Check, Columns3 } from "lucide-react";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/paraglide/messages";
import { IconButton } from "../../ui/IconButton";
import { listItemLook, listLook } from "../../ui/overlay";
import { prefer, usePreferences } from "../../ui/preferences";
import { OPTIONAL } from "./columns";

/** Chooses which columns are shown. Amount and state always are. */
export function ColumnPicker() {
  const { hiddenColumns } = usePreferences();
  const { many } = useNetworks();
  const offered = OPTIONAL.filter(({ name }) => many || name !== "payments.network");
  const turn = (name: string, isShown: boolean) =>
    prefer({
      hiddenColumns: isShown ? hiddenColumns.filter((other) => other !== name) : [...hiddenColumns, name],
    });
  return (
    <Menu.Root>
      <Menu.Trigger render={<IconButton icon={Columns3} label={m.payments_columns()} />} />
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="z-50">
          <Menu.Popup className={listLook}>
            {offered.map(({ name, word }) => (
              <Menu.CheckboxItem
                key={name}
                checked={!hiddenColumns.includes(name)}
                onCheckedChange={(isShown) => turn(name, isShown)}
                className={listItemLook}
              >
                <span className="size-4">
                  <Menu.CheckboxItemIndicator>
                    <Check aria-hidden className="size-4" strokeWidth={1.5} />
                  </Menu.CheckboxItemIndicator>
                </span>
                {word()}
              </Menu.CheckboxItem>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
