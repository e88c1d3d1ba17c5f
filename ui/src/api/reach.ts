import { useQueryClient } from "@tanstack/react-query";
import { keys } from "./keys";
import { type Command, useCommand } from "./queries";

/** Asks from outside whether it is this stall that answers there. */
export function useReachCheck(): Command<"reach_check"> {
  const client = useQueryClient();
  return useCommand("reach_check", (reach) => {
    client.setQueryData(keys.reach, reach);
    void client.invalidateQueries({ queryKey: keys.attention });
  });
}
