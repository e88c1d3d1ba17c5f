import { useQuery } from "@tanstack/react-query";
import { pictureQuery, sellerQuery, useSellerPicture } from "../../../api/pictures";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { PictureField } from "../../../ui/PictureField";
import { notify } from "../../../ui/toast";

/** The seller's picture beside the stall's name. */
export function SellerPicture() {
  const platform = usePlatform();
  const { data: seller } = useQuery(sellerQuery(platform));
  const { mutateAsync, isPending } = useSellerPicture();
  const picture = seller?.picture ?? null;
  const shown = useQuery({
    ...pictureQuery(platform, { picture: picture?.large ?? "" }),
    enabled: picture !== null,
  });
  const change = async (file: string | null) => {
    await mutateAsync(file === null ? {} : { file });
    notify({ title: m.stall_saved(), tone: "neutral" });
  };
  return (
    <PictureField
      title={m.stall_picture()}
      text={m.stall_picture_text()}
      has={picture !== null}
      picture={shown.data}
      error={shown.error?.message ?? null}
      busy={isPending}
      pick={() => platform.pickFile()}
      onChange={change}
      failed={{ pick: m.stall_picture_failed(), change: m.stall_picture_failed() }}
    />
  );
}
