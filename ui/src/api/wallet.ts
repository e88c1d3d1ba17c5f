import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import { ApiError } from "./error";
import type { Commands } from "./generated/Commands";
import { keys } from "./keys";
import { usePlatform } from "./platform-context";
import { type Command, useCommand } from "./queries";

/** The wallet that pays for settlement. */
export function walletQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.wallet, queryFn: () => call(platform, "wallet_show", null) });
}

/** Locks the wallet, now or whenever it was idle. */
export function useWalletLock(): Command<"wallet_lock"> {
  const client = useQueryClient();
  return useCommand("wallet_lock", (wallet) => client.setQueryData(keys.wallet, wallet));
}

/** Commands that a passphrase goes with, or whose answer is a secret. */
type Secretive =
  | "wallet_create"
  | "wallet_import"
  | "wallet_export"
  | "wallet_unlock"
  | "facilitator_set"
  | "facilitator_unlock"
  | "reach_set"
  | "reach_unlock"
  | "webhook_add"
  | "webhook_rotate"
  | "backup_make"
  | "backup_look"
  | "backup_restore"
  | "backup_plan";

/** What such a command has changed. */
function staleAfter(name: Secretive): readonly string[] {
  switch (name) {
    case "facilitator_set":
    case "facilitator_unlock":
      return keys.facilitators;
    case "reach_set":
    case "reach_unlock":
      return keys.reach;
    case "webhook_add":
    case "webhook_rotate":
      return keys.webhooks;
    case "backup_make":
    case "backup_look":
    case "backup_restore":
    case "backup_plan":
      return keys.backups;
    case "wallet_create":
    case "wallet_import":
    case "wallet_export":
    case "wallet_unlock":
      return keys.wallet;
  }
}

/** A command that a passphrase goes with, and what came of it. */
export interface SecretCommand<Name extends Secretive> {
  isPending: boolean;
  error: ApiError | null;
  /** Forgets what went wrong. */
  reset(): void;
  /** Sends the command; answers null when it was refused. */
  send(request: Commands[Name][0]): Promise<Commands[Name][1] | null>;
}

/**
 * Sends a passphrase once and keeps nothing of it. A mutation would keep the whole request for minutes,
 * so this is none (I12).
 */
export function useSecretCommand<Name extends Secretive>(name: Name): SecretCommand<Name> {
  const platform = usePlatform();
  const client = useQueryClient();
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const isUnderWay = useRef(false);
  const isThere = useRef(true);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  const send = async (request: Commands[Name][0]) => {
    if (isUnderWay.current) {
      return null;
    }
    isUnderWay.current = true;
    setPending(true);
    setError(null);
    try {
      const answer = await call(platform, name, request);
      await client.invalidateQueries({ queryKey: staleAfter(name) });
      return answer;
    } catch (reason) {
      if (isThere.current) {
        setError(ApiError.from(reason));
      }
      return null;
    } finally {
      isUnderWay.current = false;
      if (isThere.current) {
        setPending(false);
      }
    }
  };
  return { isPending, error, reset: () => setError(null), send };
}
