import { useEffect, useRef, useState } from "react";
import { m } from "../i18n/messages";
import { announce } from "./announce";
import { useSurroundings } from "./surroundings";
import { notify } from "./toast";

/** How long the tick stays. */
const SHOWN = 2000;

/**
 * Copies a text, and says for a moment that it did. Of a text that was never had, whoever fetched it says so.
 */
export function useCopy(): { copied: boolean; copy(text: string | Promise<string>): Promise<void> } {
  const surroundings = useSurroundings();
  const [copied, setCopied] = useState(false);
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const copy = async (text: string | Promise<string>) => {
    try {
      await surroundings.copy(text);
    } catch {
      const isHad = await Promise.resolve(text).then(
        () => true,
        () => false,
      );
      if (isHad) {
        notify({ title: m.ui_copy_failed(), tone: "failed" });
      }
      return;
    }
    announce(m.ui_copied());
    setCopied(true);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), SHOWN);
  };
  return { copied, copy };
}
