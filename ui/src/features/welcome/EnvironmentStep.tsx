import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";

interface Props {
  environment: string;
  /** The kinds of money there are, and the way from one to another. */
  children: ReactNode;
}

/** Whose money this is, and what the other kinds are for. They never mix. */
export function EnvironmentStep({ environment, children }: Props) {
  return (
    <>
      <p>{m.welcome_environment_text()}</p>
      {children}
      {environment !== "live" && (
        <Link to="/live" className={`${buttonLook({ size: "sm" })} self-start`}>
          {m.welcome_environment_open()}
        </Link>
      )}
    </>
  );
}
