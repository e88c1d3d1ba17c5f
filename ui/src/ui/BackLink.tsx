import { createLink } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ComponentProps } from "react";

/** The way back to the page that this one belongs to. */
export const BackLink = createLink(({ children, ...rest }: ComponentProps<"a">) => (
  <a
    {...rest}
    className="inline-flex min-h-6 items-center gap-1.5 self-start rounded-control text-accent-text hover:underline"
  >
    <ArrowLeft aria-hidden className="size-4" strokeWidth={1.5} />
    {children}
  </a>
));
