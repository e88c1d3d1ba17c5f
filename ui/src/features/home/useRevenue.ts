import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { usePlatform } from "../../api/platform-context";
import { revenueQuery } from "../../api/queries";
import { queryOf } from "./ranges";

/** The figures of the days that are chosen. Every part of the page that shows them asks once for all. */
export function useRevenue() {
  const search = useSearch({ from: "/" });
  return useQuery(revenueQuery(usePlatform(), queryOf(search)));
}
