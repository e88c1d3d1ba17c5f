import { useState } from "react";
import { m } from "../../i18n/messages";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { type AddressProblem, cleaned, readAddress } from "./typed-address";

interface Props {
  label: string;
  hint?: string;
  text: string;
  onTextChange(text: string): void;
  /** What is wrong beyond its spelling, or what was found when somebody tried to go on. */
  error?: string | undefined;
}

/** An address, cleaned as it is pasted. Complains when left, then live. */
export function AddressField({ label, hint, text, onTextChange, error }: Props) {
  const [left, setLeft] = useState(false);
  const { problem } = readAddress(text);
  const own = left && problem !== null && problem !== "empty" ? addressSentence(problem) : undefined;
  return (
    <Field label={label} description={hint} error={error ?? own}>
      <Input
        value={text}
        onValueChange={(typed) => onTextChange(cleaned(typed))}
        onBlur={() => setLeft(true)}
        placeholder="0x…"
        className="font-mono text-body"
      />
    </Field>
  );
}

/** Why a text is no address, for people. */
export function addressSentence(problem: AddressProblem): string {
  switch (problem) {
    case "empty":
      return m.settings_payout_empty();
    case "many":
      return m.settings_payout_many();
    case "wrong":
      return m.settings_payout_wrong();
  }
}
