import { Eye, EyeOff } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { m } from "../i18n/messages";
import { cn } from "./cn";
import { IconButton } from "./IconButton";
import { controlLook } from "./Input";

interface Props {
  label: ReactNode;
  /** Under which name a form's data holds it. */
  name: string;
  description?: ReactNode;
  /** What is wrong with it, as a sentence. */
  error?: string | undefined;
  /** Whether it is thought up here, or known from before. */
  isNew?: boolean;
}

/**
 * A passphrase. What is typed lies in the field alone and in nobody's state (I12): whoever needs it reads the form's data
 * once, sends it, and empties the form.
 */
export function SecretField({ label, name, description, error, isNew = false }: Props) {
  const id = useId();
  const [isShown, setShown] = useState(false);
  const wrong = error !== undefined;
  return (
    <div className="flex w-full flex-col gap-1">
      <label htmlFor={id} className="text-body font-medium text-text">
        {label}
      </label>
      <span className={cn(controlLook, "pr-1", wrong && "border-failed")}>
        <input
          id={id}
          name={name}
          type={isShown ? "text" : "password"}
          autoComplete={isNew ? "new-password" : "off"}
          spellCheck={false}
          aria-invalid={wrong || undefined}
          aria-describedby={`${id}-hint ${id}-error`}
          className="min-w-0 flex-1 bg-transparent px-2.5 py-1 outline-none"
        />
        <IconButton
          icon={isShown ? EyeOff : Eye}
          size="sm"
          label={isShown ? m.ui_secret_hide() : m.ui_secret_show()}
          onClick={() => setShown(!isShown)}
        />
      </span>
      {description !== undefined && (
        <p id={`${id}-hint`} className="text-caption text-text-2">
          {description}
        </p>
      )}
      {wrong && (
        <p id={`${id}-error`} className="text-caption text-failed">
          {error}
        </p>
      )}
    </div>
  );
}
