import { type DefaultError, type QueryKey, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { m } from "../../i18n/messages";
import { BackLink } from "../../ui/BackLink";
import { ErrorState } from "../../ui/ErrorState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";

interface Props<T, K extends QueryKey> {
  title: string;
  /** The part of Settings that leads here. */
  hash: string;
  query: UseQueryOptions<T, DefaultError, T, K>;
  /** What is said when it cannot be loaded. */
  failed: string;
  children: (data: T) => ReactNode;
}

/** A page behind Settings that shows the answer to one question. */
export function SettingsSheet<T, K extends QueryKey>({ title, hash, query, failed, children }: Props<T, K>) {
  const { data, error, refetch, isFetching } = useQuery(query);
  return (
    <Page title={title}>
      <div className="mx-auto flex w-full max-w-[64rem] flex-col gap-8">
        <BackLink to="/settings" hash={hash}>
          {m.settings_title()}
        </BackLink>
        {data !== undefined ? (
          children(data)
        ) : error !== null ? (
          <ErrorState title={failed} error={error} retrying={isFetching} onRetry={() => void refetch()} />
        ) : (
          <>
            <output className="sr-only">{m.ui_loading()}</output>
            <Skeleton className="h-32 w-full" />
            <Skeleton className="h-32 w-full" />
          </>
        )}
      </div>
    </Page>
  );
}
