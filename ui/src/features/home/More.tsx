import type { SignedMoneyView } from "../../api/generated/SignedMoneyView";
import { Money } from "../../ui/Money";

interface Props {
  /** How much more, below zero where it is less. */
  more: SignedMoneyView;
  /** What stands behind the amount. */
  words: { more: string; less: string; same: string };
}

/** How much more or less came than before, in words. */
export function More({ more: { amount, formatted }, words }: Props) {
  if (amount === "0") {
    return words.same;
  }
  const isLess = amount.startsWith("-");
  return (
    <>
      <Money value={isLess ? formatted.slice(1) : formatted} className="font-medium text-text" />{" "}
      {isLess ? words.less : words.more}
    </>
  );
}
