import { type ReactNode, useState } from "react";
import { m } from "../i18n/messages";
import { type AmountProblem, formatDecimal, parseAmount } from "../lib/money";
import { Field } from "./Field";
import { Input } from "./Input";

interface Props {
  label: ReactNode;
  /** What was typed. Read it with `parseAmount` of lib/money. */
  text: string;
  onTextChange(text: string): void;
  /** The token's decimals. */
  decimals: number;
  /** The token's name. */
  token: string;
  /** Under the field while the price is right, such as what it costs to settle. */
  note?: ReactNode;
  /** A problem that only the caller knows, such as a price below the network's least. */
  error?: string | undefined;
  /** Shows a problem at once, such as after somebody tried to go on. */
  checked?: boolean;
  autoFocus?: boolean;
}

/** A price in dollars, typed with a comma or a point and kept exactly. Complains when left, then live. */
export function PriceInput({
  label,
  text,
  onTextChange,
  decimals,
  token,
  note,
  error,
  checked = false,
  autoFocus = false,
}: Props) {
  const [left, setLeft] = useState(false);
  const { problem } = parseAmount(text, decimals);
  const shown = problem !== null && (checked || (left && problem !== "empty"));
  return (
    <Field label={label} description={note} error={shown ? sentence(problem, decimals) : error}>
      <Input
        before="$"
        after={token}
        inputMode="decimal"
        value={text}
        autoFocus={autoFocus}
        placeholder={m.ui_amount_example({ example: formatDecimal("0.05") })}
        onValueChange={onTextChange}
        onBlur={() => setLeft(true)}
      />
    </Field>
  );
}

function sentence(problem: AmountProblem, decimals: number): string {
  const example = formatDecimal("0.05");
  switch (problem) {
    case "empty":
      return m.ui_amount_empty({ example });
    case "not_a_number":
      return m.ui_amount_not_a_number({ example });
    case "ambiguous":
      return m.ui_amount_ambiguous();
    case "too_many_decimals":
      return m.ui_amount_too_many_decimals({ decimals });
    case "zero":
      return m.ui_amount_zero();
  }
}
