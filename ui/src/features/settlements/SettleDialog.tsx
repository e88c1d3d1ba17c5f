import { useNavigate, useSearch } from "@tanstack/react-router";
import { SettleForm } from "./SettleForm";

/** The dialog that settles, over whatever page is shown. The address says whether it is open. */
export function SettleDialog() {
  const navigate = useNavigate();
  const { settle: isOpen = false } = useSearch({ strict: false });
  if (!isOpen) {
    return null;
  }
  return (
    <SettleForm
      onClose={() =>
        void navigate({ to: ".", search: (known) => ({ ...known, settle: undefined }), replace: true })
      }
      onBegun={(batches) => {
        const [only] = batches;
        if (batches.length === 1 && only !== undefined) {
          void navigate({ to: "/settlements/$batch", params: { batch: String(only) }, replace: true });
        } else {
          void navigate({ to: "/settlements", replace: true });
        }
      }}
    />
  );
}
