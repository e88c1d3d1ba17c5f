import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery } from "../../api/queries";
import { opensByItself } from "./progress";

/** Opens the way to a first sale where nothing is set up yet: once in each start, and only from Home. */
export function FirstStart() {
  const platform = usePlatform();
  const { data: status } = useQuery(statusQuery(platform));
  const { data: endpoints } = useQuery(endpointsQuery(platform));
  const isHome = useLocation({ select: ({ pathname, searchStr }) => pathname === "/" && searchStr === "" });
  const navigate = useNavigate();
  const isDecided = useRef(false);
  useEffect(() => {
    if (isDecided.current || status === undefined || endpoints === undefined) {
      return;
    }
    isDecided.current = true;
    const isEmpty = endpoints.items.length === 0 && status.totals.length === 0;
    if (isHome && isEmpty && opensByItself()) {
      void navigate({ to: "/welcome", replace: true });
    }
  }, [status, endpoints, isHome, navigate]);
  return null;
}
