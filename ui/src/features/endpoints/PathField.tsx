import { m } from "../../i18n/messages";
import { bareUrl } from "../../lib/address";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import type { pathProblem } from "./path";
import { named } from "./words";

interface Props {
  /** The end of the link, as it was typed. */
  link: string;
  onLinkChange(link: string): void;
  wrong: ReturnType<typeof pathProblem>;
  /** Where the stall is reached; null while it is closed. */
  host: string | null;
  /** A path that is free. */
  suggested: string;
}

/** The end of the link, told at once when nothing can be sold there. */
export function PathField({ link, onLinkChange, wrong, host, suggested }: Props) {
  const before = host === null ? "/" : `${bareUrl(host)}/`;
  return (
    <Field
      label={m.endpoints_field_path()}
      {...(wrong === null ? { description: m.endpoints_path_note() } : { error: sentence(wrong) })}
    >
      <span className="flex gap-2">
        <Input
          before={<span className="block max-w-64 truncate whitespace-nowrap">{before}</span>}
          className="[&>span]:pr-0 [&>input]:pl-0.5"
          value={link}
          onValueChange={onLinkChange}
        />
        {wrong !== null && `/${link}` !== suggested && (
          <Button onClick={() => onLinkChange(suggested.slice(1))}>
            {m.endpoints_path_use({ path: suggested })}
          </Button>
        )}
      </span>
    </Field>
  );
}

function sentence({ problem, character }: NonNullable<Props["wrong"]>): string {
  switch (problem) {
    case "empty":
      return m.endpoints_path_empty();
    case "empty_part":
      return m.endpoints_path_empty_part();
    case "dots":
      return m.endpoints_path_dots();
    case "character":
      return character === undefined || /\s/.test(character)
        ? m.endpoints_path_space()
        : m.endpoints_path_character({ character: named(character) });
    case "too_long":
      return m.endpoints_path_too_long();
    case "reserved":
      return m.endpoints_path_reserved();
    case "taken":
      return m.endpoints_path_taken();
  }
}
