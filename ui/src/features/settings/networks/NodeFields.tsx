import { Plus, X } from "lucide-react";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { IconButton } from "../../../ui/IconButton";
import { Input } from "../../../ui/Input";
import { isNodeUrl } from "./nodes";

/** More than anybody asks in turn; the app refuses more. */
const MOST = 8;

interface Props {
  urls: readonly string[];
  onUrlsChange(urls: readonly string[]): void;
  /** Somebody tried to go on. */
  tried: boolean;
}

/** The URLs of a new network's nodes, the preferred one first. */
export function NodeFields({ urls, onUrlsChange, tried }: Props) {
  const problem = (url: string, place: number) => {
    const text = url.trim();
    const isMissing = text === "" && place === 0 && urls.every((other) => other.trim() === "");
    return tried && (isMissing || (text !== "" && !isNodeUrl(text))) ? m.networks_node_wrong() : undefined;
  };
  return (
    <div className="flex flex-col gap-2">
      {urls.map((url, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place: the texts change as they are typed
        <div key={place} className="flex items-start gap-1">
          <Field
            label={place === 0 ? m.networks_node_url() : m.networks_node_url_nth({ nth: place + 1 })}
            description={place === 0 ? m.networks_node_hint() : undefined}
            error={problem(url, place)}
          >
            <Input
              inputMode="url"
              placeholder="https://"
              value={url}
              onValueChange={(text) => onUrlsChange(urls.with(place, text))}
            />
          </Field>
          {place > 0 && (
            <IconButton
              icon={X}
              label={m.networks_node_url_drop({ nth: place + 1 })}
              className="mt-6"
              onClick={() => onUrlsChange(urls.toSpliced(place, 1))}
            />
          )}
        </div>
      ))}
      {urls.length < MOST && (
        <div>
          <Button variant="ghost" size="sm" icon={Plus} onClick={() => onUrlsChange([...urls, ""])}>
            {m.networks_node_url_more()}
          </Button>
        </div>
      )}
    </div>
  );
}
