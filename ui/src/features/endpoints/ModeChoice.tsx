import { m } from "../../i18n/messages";
import type { Mode } from "./drafts";
import { RadioCards } from "./RadioCards";

interface Props {
  value: Mode;
  onValueChange(mode: Mode): void;
}

/** When the money moves, with what that means in one line each. */
export function ModeChoice(props: Props) {
  return (
    <RadioCards
      label={m.endpoints_field_mode()}
      items={[
        { value: "batched", word: m.endpoints_batched(), text: m.endpoints_batched_text() },
        { value: "instant", word: m.endpoints_instant(), text: m.endpoints_instant_text() },
      ]}
      {...props}
    />
  );
}
