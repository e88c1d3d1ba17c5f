import {
  File,
  FileArchive,
  FileAudio,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileVideo,
  type LucideIcon,
} from "lucide-react";

const KINDS: readonly [RegExp, LucideIcon][] = [
  [/^image\//, FileImage],
  [/^audio\//, FileAudio],
  [/^video\//, FileVideo],
  [/zip|gzip|tar|7z|rar/, FileArchive],
  [/csv|spreadsheet|excel/, FileSpreadsheet],
  [/^text\/|pdf|epub|json|xml|document/, FileText],
];

/** What kind of file it is, for those who see it: its name says so too. */
export function FileIcon({ mediaType }: { mediaType: string }) {
  const Icon = KINDS.find(([kind]) => kind.test(mediaType))?.[1] ?? File;
  return <Icon aria-hidden className="size-4 shrink-0 text-text-2" strokeWidth={1.5} />;
}
