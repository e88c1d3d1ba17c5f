import { Fragment } from "react";
import { m } from "../../i18n/messages";
import { Dialog } from "../../ui/Dialog";
import { Kbd } from "../../ui/Kbd";
import { MOD } from "./keys";
import { PAGES } from "./pages";

interface Props {
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Every key that does something. */
export function ShortcutSheet({ open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.shell_keys()}
      description={m.shell_keys_text()}
      wide
    >
      <div className="grid gap-x-8 gap-y-5 mid:grid-cols-2">
        <Group
          title={m.shell_keys_everywhere()}
          keys={[
            [m.shell_key_palette(), [MOD, "K"]],
            [m.shell_key_search(), ["/"]],
            [m.shell_key_help(), ["?"]],
            [m.shell_key_new(), ["N"]],
            [m.shell_key_settle(), [MOD, "⇧", "S"]],
            [m.shell_key_stall(), [MOD, "."]],
            [m.shell_key_settings(), [MOD, ","]],
            [m.shell_key_window(), [MOD, "W"]],
            [m.shell_key_quit(), [MOD, "Q"]],
          ]}
        />
        <Group
          title={m.shell_keys_go()}
          keys={PAGES.map(({ title, key }) => [title(), ["G", m.shell_key_then(), key.toUpperCase()]])}
        />
        <Group
          title={m.shell_keys_lists()}
          keys={[
            [m.shell_key_rows(), ["J", "K"]],
            [m.shell_key_open(), ["↩"]],
            [m.shell_key_select(), ["X"]],
            [m.shell_key_range(), ["⇧", "X"]],
            [m.shell_key_copy(), ["C"]],
            [m.shell_key_export(), ["E"]],
            [m.shell_key_close(), ["Esc"]],
          ]}
        />
      </div>
    </Dialog>
  );
}

function Group({ title, keys }: { title: string; keys: [string, string[]][] }) {
  return (
    <section>
      <h3 className="mb-1 text-caption font-medium text-text-2">{title}</h3>
      <dl className="grid grid-cols-[1fr_auto]">
        {keys.map(([what, pressed]) => (
          <Fragment key={what}>
            <dt className="border-b py-1.5">{what}</dt>
            <dd className="flex items-center justify-end gap-1 border-b py-1.5">
              {pressed.map((key) =>
                key === m.shell_key_then() ? (
                  <span key={key} className="text-caption text-text-2">
                    {key}
                  </span>
                ) : (
                  <Kbd key={key}>{key}</Kbd>
                ),
              )}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
