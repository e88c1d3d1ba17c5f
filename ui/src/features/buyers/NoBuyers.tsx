import { Link } from "@tanstack/react-router";
import { Ban, CircleCheck, Hourglass, type LucideIcon, ShieldCheck, Users } from "lucide-react";
import { m } from "../../i18n/messages";
import { Button, buttonLook } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import type { Shown } from "./choice";

interface Words {
  icon: LucideIcon;
  title: string;
  text: string;
}

/** Why there are no buyers to show, and the one way on. */
export function NoBuyers({ shown, onReset }: { shown: Shown; onReset(): void }) {
  const { icon, title, text } = words(shown);
  return (
    <EmptyState
      icon={icon}
      title={title}
      text={text}
      action={
        shown === "recent" ? (
          <Link to="/endpoints" className={buttonLook()}>
            {m.buyers_empty_action()}
          </Link>
        ) : (
          <Button onClick={onReset}>{m.buyers_none_action()}</Button>
        )
      }
    />
  );
}

function words(shown: Shown): Words {
  switch (shown) {
    case "recent":
      return { icon: Users, title: m.buyers_empty_title(), text: m.buyers_empty_text() };
    case "settled":
      return { icon: Users, title: m.buyers_none_settled_title(), text: m.buyers_none_settled_text() };
    case "exposed":
      return { icon: CircleCheck, title: m.buyers_none_exposed_title(), text: m.buyers_none_exposed_text() };
    case "lost":
      return { icon: CircleCheck, title: m.buyers_none_lost_title(), text: m.buyers_none_lost_text() };
    case "trusted":
      return { icon: ShieldCheck, title: m.buyers_none_trusted_title(), text: m.buyers_none_trusted_text() };
    case "instant_only":
      return {
        icon: Hourglass,
        title: m.buyers_none_instant_only_title(),
        text: m.buyers_none_instant_only_text(),
      };
    case "blocked":
      return { icon: Ban, title: m.buyers_none_blocked_title(), text: m.buyers_none_blocked_text() };
  }
}
