import { m } from "../../../i18n/messages";
import { isColour } from "./shown";

interface Props {
  colour: string;
  onChoose(colour: string): void;
}

/** A colour to be seen and chosen, as the system lets people choose one. */
export function ColourPicker({ colour, onChoose }: Props) {
  return (
    <input
      type="color"
      aria-label={m.stall_colour_choose()}
      value={isColour(colour) ? colour.toLowerCase() : "#808080"}
      onChange={(event) => onChoose(event.target.value)}
      className="block h-6 w-8 rounded-[4px] border bg-transparent p-0.5"
    />
  );
}
