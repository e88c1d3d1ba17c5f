import type { UseMutationResult } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { ApiError } from "../../../api/error";
import { AlertDialog } from "../../../ui/AlertDialog";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";

interface Props {
  /** CAIP-2. */
  network: string;
  /** The command that takes it away. */
  command: UseMutationResult<unknown, ApiError, { network: string }>;
  small?: boolean;
  /** What the button says. */
  label: string;
  title: string;
  text: string;
  confirm: string;
  failed: string;
  done: string;
  onRemoved?(): void;
}

/** Takes a network, or something of it, away once the seller has agreed to what that means. */
export function RemoveButton({ network, command, small = false, onRemoved, ...words }: Props) {
  const { mutate, isPending, error, reset } = command;
  const [isAsking, setAsking] = useState(false);
  const change = (isOpen: boolean) => {
    reset();
    setAsking(isOpen);
  };
  const removed = () => {
    change(false);
    onRemoved?.();
    notify({ title: words.done });
  };
  return (
    <div>
      <Button variant="danger" size={small ? "sm" : "md"} icon={Trash2} onClick={() => setAsking(true)}>
        {words.label}
      </Button>
      <AlertDialog
        open={isAsking}
        onOpenChange={change}
        title={words.title}
        description={words.text}
        confirm={
          <Button
            variant="danger"
            loading={isPending}
            onClick={() => mutate({ network }, { onSuccess: removed })}
          >
            {words.confirm}
          </Button>
        }
      >
        {error !== null && <Refusal title={words.failed} error={error} />}
      </AlertDialog>
    </div>
  );
}
