import { Link } from "@tanstack/react-router";
import { FlaskConical, Globe, type LucideIcon, Rocket } from "lucide-react";
import { m } from "../../i18n/paraglide/messages";
import { Badge } from "../../ui/Badge";
import { buttonLook } from "../../ui/Button";
import { cn } from "../../ui/cn";

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

/** Whose money this is, and what the other kinds are for. They never mix. */
export function EnvironmentStep({ environment }: { environment: string }) {
  return (
    <>
      <p>{m.welcome_environment_text()}</p>
      <ul className="flex flex-col gap-2">
        {KINDS.map(({ name, icon: Icon, title, text }) => (
          <li
            key={name}
            className={cn(
              "flex items-start gap-3 rounded-control border p-3",
              name === environment && "border-accent bg-accent-soft/40",
            )}
          >
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-text-2" strokeWidth={1.5} />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {title()}
                {name === environment && <Badge tone="accent">{m.welcome_environment_now()}</Badge>}
              </p>
              <p className="text-text-2">{text()}</p>
            </div>
          </li>
        ))}
      </ul>
      {environment !== "live" && (
        <Link to="/live" className={`${buttonLook({ size: "sm" })} self-start`}>
          {m.welcome_environment_open()}
        </Link>
      )}
    </>
  );
}
