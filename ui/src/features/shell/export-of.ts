interface Place {
  pathname: string;
  search: { tab?: string | undefined };
}

/** What of the books a page shows, as an export names it; nothing where it shows none. */
export function exportOf({ pathname, search }: Place): "payments" | "batches" | "refunds" | undefined {
  const [, page] = pathname.split("/");
  switch (page) {
    case "payments":
      return "payments";
    case "settlements":
      return "batches";
    case "reports":
      return search.tab === "refunds" ? "refunds" : "payments";
    default:
      return undefined;
  }
}
