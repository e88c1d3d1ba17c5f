import { Folder, Server } from "lucide-react";
import type { ContentView } from "../../api/generated/ContentView";
import { FileIcon } from "./FileIcon";

/** What kind of thing is sold, for those who see it. */
export function ContentIcon({ content }: { content: ContentView }) {
  switch (content.kind) {
    case "file":
    case "text":
      return <FileIcon mediaType={content.mediaType} />;
    case "folder":
      return <Folder aria-hidden className="size-4 shrink-0 text-text-2" strokeWidth={1.5} />;
    case "service":
      return <Server aria-hidden className="size-4 shrink-0 text-text-2" strokeWidth={1.5} />;
  }
}
