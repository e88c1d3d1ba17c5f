import { Download, FileImage, Image } from "lucide-react";
import type { RefObject } from "react";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { useSave } from "../../ui/useSave";
import { asPng, asSvg } from "./code";

interface Props {
  /** What holds the code. */
  code: RefObject<HTMLElement | null>;
  /** The endpoint's path, for the name of the file. */
  path: string;
}

/** Saves the code as a picture, for print or a page. */
export function SaveCode({ code, path }: Props) {
  const save = useSave();
  const name =
    path
      .replace(/[^A-Za-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 80) || "stall";
  const picture = () => {
    const svg = code.current?.querySelector("svg");
    if (svg === null || svg === undefined) {
      throw new Error("SVG");
    }
    return svg;
  };
  return (
    <Menu
      label={m.endpoints_qr_save()}
      trigger={<Button icon={Download}>{m.endpoints_qr_save()}</Button>}
      items={[
        {
          name: "svg",
          label: m.endpoints_qr_svg(),
          icon: FileImage,
          onSelect: () => void save(`${name}-qr.svg`, () => asSvg(picture())),
        },
        {
          name: "png",
          label: m.endpoints_qr_png(),
          icon: Image,
          onSelect: () => void save(`${name}-qr.png`, () => asPng(picture())),
        },
      ]}
    />
  );
}
