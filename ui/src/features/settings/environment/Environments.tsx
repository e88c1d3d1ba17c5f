import { useQuery } from "@tanstack/react-query";
import { FlaskConical, Globe, type LucideIcon, Rocket } from "lucide-react";
import { useState } from "react";
import { usePlatform } from "../../../api/platform-context";
import { statusQuery } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { cn } from "../../../ui/cn";
import { SwitchDialog } from "./SwitchDialog";

interface Kind {
  name: string;
  icon: LucideIcon;
  title: () => string;
  text: () => string;
}

const KINDS: readonly Kind[] = [
  {
    name: "practice",
    icon: FlaskConical,
    title: m.welcome_environment_practice,
    text: m.welcome_environment_practice_text,
  },
  { name: "test", icon: Globe, title: m.welcome_environment_test, text: m.welcome_environment_test_text },
  { name: "live", icon: Rocket, title: m.welcome_environment_live, text: m.welcome_environment_live_text },
];

/** Whose money this is, what the other kinds are for, and the way to them. They never mix. */
export function Environments() {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const [to, setTo] = useState<Kind | null>(null);
  const here = KINDS.find(({ name }) => name === status?.environment);
  return (
    <>
      <ul className="flex flex-col gap-2">
        {KINDS.map((kind) => {
          const { name, icon: Icon, title, text } = kind;
          const isHere = kind === here;
          return (
            <li
              key={name}
              className={cn(
                "flex flex-wrap items-start gap-3 rounded-control border p-3",
                isHere && "border-accent bg-accent-soft/40",
              )}
            >
              <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-text-2" strokeWidth={1.5} />
              <div className="min-w-0 flex-1 basis-52">
                <p className="flex flex-wrap items-center gap-2 font-medium">
                  {title()}
                  {isHere && <Badge tone="accent">{m.welcome_environment_now()}</Badge>}
                </p>
                <p className="text-text-2">{text()}</p>
              </div>
              {here !== undefined && !isHere && (
                <Button size="sm" onClick={() => setTo(kind)}>
                  {m.settings_environment_switch({ environment: title() })}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {here !== undefined && (
        <SwitchDialog
          to={to?.name ?? null}
          before={here.title()}
          after={to?.title() ?? ""}
          onStay={() => setTo(null)}
        />
      )}
    </>
  );
}
