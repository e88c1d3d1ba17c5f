import type { FolderFileList } from "../../api/generated/FolderFileList";
import type { FolderFileQuery } from "../../api/generated/FolderFileQuery";
import { money } from "./money";
import { pricesOf } from "./prices";
import { mixed, ofText } from "./random";
import type { Endpoint } from "./records";
import { refuse } from "./refuse";

const USUAL_PAGE = 200;

/** A name that is longer than there is room for. */
const LONG = "long-takes/snare-room-mikes-as-recorded-on-the-second-day.wav";

/** The files of a folder, which are all takes of one thing. */
export function listFiles(
  endpoint: Endpoint,
  { limit = USUAL_PAGE, after }: FolderFileQuery,
  url: string | null,
): FolderFileList {
  const { content } = endpoint;
  if (content.kind !== "folder") {
    throw refuse("conflict", "Only a folder has files to list.");
  }
  const takes = Array.from({ length: content.files - 1 }, (_, place) => `snare-${place + 1}.wav`);
  const parts = [LONG, ...takes].sort();
  const rest = parts.filter((part) => after === undefined || part > after);
  const prices = pricesOf(endpoint, url);
  const isArchive = content.soldAs === "archive";
  const items = rest.slice(0, limit).map((part) => {
    const own = prices.find((one) => one.part === part && /^(everybody|free)$/.test(one.audience));
    const priced = own === undefined ? "folder" : own.audience === "free" ? "free" : "own";
    return {
      part,
      name: part,
      bytes: 40_000 + (mixed(ofText(part)) % 9_000_000),
      mediaType: "audio/wav",
      priced: isArchive ? "archive" : priced,
      price: isArchive ? null : own === undefined ? money(endpoint.price) : own.price,
      url: isArchive || url === null ? null : `${url}${endpoint.path}/${part}`,
    };
  });
  return {
    items,
    next: rest.length > limit ? (items.at(-1)?.part ?? null) : null,
    total: parts.length,
  };
}
