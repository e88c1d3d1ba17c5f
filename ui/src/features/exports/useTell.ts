import type { ApiError } from "../../api/error";
import type { Exported } from "../../api/generated/Exported";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";

/** Says what became of an export, also when its dialog was closed before; one that ended well closes it. */
export function useTell(onClose: () => void): (exporting: Promise<Exported | null>) => void {
  const platform = usePlatform();
  const isShown = useShown();

  const show = (path: string) =>
    void platform
      .showFile(path)
      .catch((reason: { message?: string }) =>
        notify({ title: m.exports_show_failed(), description: reason.message ?? "", tone: "failed" }),
      );
  const written = (answer: Exported | null) => {
    if (answer === null) {
      return;
    }
    const { rows, path } = answer;
    if (isShown.current) {
      onClose();
    }
    notify({
      title: m.exports_done({ count: rows, number: formatCount(rows) }),
      description: path,
      tone: "settled",
      action: { label: m.exports_show(), run: () => show(path) },
    });
  };
  const refused = ({ message }: ApiError) => {
    if (!isShown.current) {
      notify({ title: m.exports_failed(), description: message, tone: "failed" });
    }
  };
  return (exporting) => void exporting.then(written, refused);
}
