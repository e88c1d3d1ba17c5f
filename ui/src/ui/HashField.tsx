import { useState } from "react";
import { m } from "../i18n/messages";
import { readHash } from "../lib/hash";
import { Field } from "./Field";
import { Input } from "./Input";

interface Props {
  label: string;
  /** What was typed. Read it with `readHash` of lib/hash. */
  text: string;
  onTextChange(text: string): void;
  /** Shows a problem at once, such as after somebody tried to go on. */
  checked: boolean;
}

/** A transaction's hash, alone or in a link to an explorer. Complains when left, then live. */
export function HashField({ label, text, onTextChange, checked }: Props) {
  const [left, setLeft] = useState(false);
  const isWrong = readHash(text) === null && (checked || (left && text.trim() !== ""));
  return (
    <Field label={label} description={m.ui_hash_hint()} error={isWrong ? m.ui_hash_wrong() : undefined}>
      <Input
        value={text}
        onValueChange={(typed) => onTextChange(readHash(typed) ?? typed)}
        onBlur={() => setLeft(true)}
        placeholder="0x…"
        className="font-mono text-body"
      />
    </Field>
  );
}
