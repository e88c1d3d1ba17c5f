import { m } from "../../../i18n/messages";

/** The settings that the stall's own pages show. */
export const SHOWN = [
  { key: "stall-name", label: m.stall_name, hint: m.stall_name_hint },
  { key: "stall-about", label: m.stall_about, hint: m.stall_about_hint },
  { key: "stall-contact", label: m.stall_contact, hint: m.stall_contact_hint },
  { key: "stall-colour", label: m.stall_colour, hint: m.stall_colour_hint },
] as const;

/** Their values as typed; empty for the default. */
export type Shown = Record<(typeof SHOWN)[number]["key"], string>;

/** Whether a text is a colour as the stall's pages take it, such as `#0f766e`. */
export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}
