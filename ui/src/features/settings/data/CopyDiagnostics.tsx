import { useQueryClient } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { diagnosticsQuery } from "../../../api/data";
import type { ApiError } from "../../../api/error";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { notify } from "../../../ui/toast";
import { useCopy } from "../../../ui/useCopy";

/** Copies the shortest of the diagnostics as a text. */
export function CopyDiagnostics({ size = "md" }: { size?: "md" | "sm" }) {
  const platform = usePlatform();
  const client = useQueryClient();
  const { copied, copy } = useCopy();
  const [isAsking, setAsking] = useState(false);
  const ask = () => {
    setAsking(true);
    const asked = client.fetchQuery(diagnosticsQuery(platform));
    asked.catch(({ message }: ApiError) =>
      notify({ title: m.data_diagnostics_failed(), description: message, tone: "failed" }),
    );
    // Given before it is known: after the answer the press is over, and WebKit refuses.
    void copy(asked.then(({ text }) => text)).finally(() => setAsking(false));
  };
  return (
    <Button icon={copied ? Check : Copy} size={size} loading={isAsking} onClick={ask}>
      {copied ? m.ui_copied() : m.data_diagnostics_copy()}
    </Button>
  );
}
