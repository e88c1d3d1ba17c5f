import { useNavigate, useSearch } from "@tanstack/react-router";
import { m } from "../../i18n/messages";
import { Switch } from "../../ui/Switch";

/** Whether the chart shows the time before as well. */
export function CompareSwitch() {
  const { compare = false } = useSearch({ from: "/" });
  const navigate = useNavigate({ from: "/" });
  return (
    <Switch
      label={m.home_compare()}
      checked={compare}
      onCheckedChange={(checked) =>
        void navigate({
          search: (before) => ({ ...before, compare: checked ? true : undefined }),
          replace: true,
        })
      }
    />
  );
}
