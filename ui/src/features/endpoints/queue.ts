import type { EndpointAdd } from "../../api/generated/EndpointAdd";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";

/** What a text or a service waits under; files and folders wait under their paths, which begin otherwise. */
export const TEXT = "text";
export const SERVICE = "service";

/** What a request wants to sell, as it waits in the queue. */
export function wareOf({ file, folder, service }: EndpointAdd): string {
  return file ?? folder?.path ?? (service === undefined ? TEXT : SERVICE);
}

/** The files, folders and texts that wait to be priced, and where the sheet stands. */
export interface Queue {
  /** The one that is priced now comes first. */
  waiting: readonly string[];
  /** How many were dealt with since the sheet opened. */
  done: number;
  open: boolean;
  /** What was just put up for sale, until the seller goes on. */
  published: EndpointView | null;
}

export type Step =
  | { kind: "offer"; files: readonly string[] }
  | { kind: "published"; file: string; endpoint: EndpointView }
  /** Goes on to the next file, past one that was published or that is left out. */
  | { kind: "next" }
  /** Puts the sheet away; `kept` are the files whose drafts are worth coming back to. */
  | { kind: "close"; kept: readonly string[] }
  | { kind: "reopen" }
  | { kind: "discard" };

/** The queue after a step. */
export function advance(queue: Queue, step: Step): Queue {
  const { waiting, done, open, published } = queue;
  switch (step.kind) {
    case "offer": {
      const files = step.files.filter((file) => !(open && waiting.includes(file)));
      if (files.length === 0) {
        return queue;
      }
      const inOrder = open ? [...waiting, ...files] : [...files, ...waiting];
      return { waiting: [...new Set(inOrder)], done: open ? done : 0, open: true, published };
    }
    case "published": {
      const left = waiting.filter((file) => file !== step.file);
      const isShown = open && published === null && waiting[0] === step.file;
      return { ...queue, waiting: left, done: done + 1, published: isShown ? step.endpoint : published };
    }
    case "next": {
      const left = published === null ? waiting.slice(1) : waiting;
      return {
        waiting: left,
        done: published === null ? done + 1 : done,
        open: left.length > 0,
        published: null,
      };
    }
    case "close": {
      const left = waiting.filter((file, place) => place > 0 || step.kept.includes(file));
      return { waiting: published === null ? left : waiting, done: 0, open: false, published: null };
    }
    case "reopen":
      return { ...queue, done: 0, open: waiting.length > 0, published: null };
    case "discard":
      return { waiting: [], done: 0, open: false, published: null };
  }
}

/** The name of a file or a folder without the folders it lies in. */
export function fileName(path: string): string {
  if (path === TEXT) {
    return m.endpoints_a_text();
  }
  if (path === SERVICE) {
    return m.endpoints_a_service();
  }
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
}
