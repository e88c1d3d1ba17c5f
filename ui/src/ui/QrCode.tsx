import { QRCodeSVG } from "qrcode.react";
import type { Ref } from "react";

interface Props {
  value: string;
  /** What a phone opens with it. */
  label: string;
  size?: number;
  /** What holds the picture. */
  ref?: Ref<HTMLSpanElement>;
}

/** A code for a phone's camera: dark on white in both themes, or some cameras do not see it. */
export function QrCode({ value, label, size = 192, ref }: Props) {
  return (
    <span ref={ref} className="inline-flex rounded-card border bg-white p-2">
      <QRCodeSVG
        value={value}
        size={size}
        level="M"
        marginSize={2}
        bgColor="#ffffff"
        fgColor="#000000"
        role="img"
        aria-label={label}
      />
    </span>
  );
}
