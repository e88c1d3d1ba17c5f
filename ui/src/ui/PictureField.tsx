import { ImagePlus, Trash2 } from "lucide-react";
import { m } from "../i18n/paraglide/messages";
import { Button } from "./Button";
import { Skeleton } from "./Skeleton";

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
  onChoose(): void;
  onRemove(): void;
}

/** A picture that is chosen, looked at and taken away again. */
export function PictureField({ title, text, has, picture, error, busy, onChoose, onRemove }: Props) {
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
        <Button icon={ImagePlus} loading={busy} onClick={onChoose}>
          {has ? m.ui_picture_other() : m.ui_picture_choose()}
        </Button>
        {has && (
          <Button icon={Trash2} variant="ghost" onClick={onRemove}>
            {m.ui_picture_remove()}
          </Button>
        )}
      </div>
    </section>
  );
}
