import { useQuery } from "@tanstack/react-query";
import type { EndpointView } from "../../api/generated/EndpointView";
import { pictureQuery, useEndpointCover } from "../../api/pictures";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { PictureField } from "../../ui/PictureField";
import { notify } from "../../ui/toast";
import { named } from "./words";

/** The picture by which buyers recognise it on the stall's pages. */
export function Cover({ endpoint: { id, title, cover, state } }: { endpoint: EndpointView }) {
  const platform = usePlatform();
  const { mutateAsync, isPending } = useEndpointCover();
  const shown = useQuery({
    ...pictureQuery(platform, { picture: cover?.large ?? "" }),
    enabled: cover !== null,
  });
  if (state === "removed") {
    return null;
  }
  const change = async (file: string | null) => {
    await mutateAsync({ endpoint: id, ...(file !== null && { file }) });
    const name = { title: named(title) };
    notify({
      title: file === null ? m.endpoints_cover_none(name) : m.endpoints_cover_set(name),
      tone: "neutral",
    });
  };
  return (
    <PictureField
      title={m.endpoints_cover()}
      text={m.endpoints_cover_text()}
      has={cover !== null}
      picture={shown.data}
      error={shown.error?.message ?? null}
      busy={isPending}
      pick={() => platform.pickFile()}
      onChange={change}
      failed={{ pick: m.endpoints_pick_failed(), change: m.endpoints_cover_failed() }}
    />
  );
}

/** The same before there is an endpoint: the file is chosen, and looked at as pages would show it. */
export function CoverChoice({
  file,
  onFileChange,
}: {
  file: string | null;
  onFileChange(file: string | null): void;
}) {
  const platform = usePlatform();
  const looked = useQuery({ ...pictureQuery(platform, { file: file ?? "" }), enabled: file !== null });
  return (
    <PictureField
      title={m.endpoints_cover()}
      text={m.endpoints_cover_text()}
      has={file !== null}
      picture={looked.data}
      error={file === null ? null : (looked.error?.message ?? null)}
      busy={looked.isLoading}
      pick={() => platform.pickFile()}
      onChange={onFileChange}
      failed={{ pick: m.endpoints_pick_failed(), change: m.endpoints_cover_failed() }}
    />
  );
}
