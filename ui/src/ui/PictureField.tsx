import { ImagePlus, Trash2 } from "lucide-react";
import { m } from "../i18n/messages";
import { messageOf } from "../lib/message";
import { Button } from "./Button";
import { Skeleton } from "./Skeleton";
import { notify } from "./toast";

interface Props {
  /** What it is a picture of, as a heading. */
  title: string;
  /** Where it is shown. */
  text: string;
  /** Whether there is one, though it may not be here yet. */
  has: boolean;
  /** The picture itself; undefined until it is here. */
  picture: { mediaType: string; content: string } | undefined;
  /** Why it cannot be shown. */
  error: string | null;
  busy: boolean;
  /** Lets the person choose a file; null where none was chosen. */
  pick(): Promise<string | null>;
  /** Puts a file in the picture's place, or nothing. */
  onChange(file: string | null): unknown;
  /** What is said where no file could be chosen, and where it could not become the picture. */
  failed: { pick: string; change: string };
}

/** Tries something, and says so where it fails. */
async function trying<Got>(run: () => Promise<Got> | Got, title: string): Promise<Got | undefined> {
  try {
    return await run();
  } catch (reason) {
    const description = messageOf(reason);
    notify({ title, description, tone: "failed" });
    return undefined;
  }
}

/** A picture that is chosen, looked at and taken away again. */
export function PictureField({ title, text, has, picture, error, busy, pick, onChange, failed }: Props) {
  const change = (file: string | null) => trying(() => onChange(file), failed.change);
  const choose = async () => {
    const chosen = await trying(pick, failed.pick);
    if (typeof chosen === "string") {
      await change(chosen);
    }
  };
  return (
    <section className="flex flex-col items-start gap-2">
      <h3 className="font-medium">{title}</h3>
      <p className="text-caption text-text-2">
        {text} {m.ui_picture_note()}
      </p>
      {has && picture !== undefined && (
        <img
          src={`data:${picture.mediaType};base64,${picture.content}`}
          alt={title}
          className="max-h-40 max-w-full rounded-control border bg-surface-2 object-contain"
        />
      )}
      {has && picture === undefined && error === null && <Skeleton className="h-40 w-60" />}
      {error !== null && (
        <p role="alert" className="text-caption text-failed">
          {error}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button icon={ImagePlus} loading={busy} onClick={() => void choose()}>
          {has ? m.ui_picture_other() : m.ui_picture_choose()}
        </Button>
        {has && (
          <Button icon={Trash2} variant="ghost" onClick={() => void change(null)}>
            {m.ui_picture_remove()}
          </Button>
        )}
      </div>
    </section>
  );
}
