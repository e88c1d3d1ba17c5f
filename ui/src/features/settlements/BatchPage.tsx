import { Page } from "../../ui/Page";

export function BatchPage({ batch }: { batch: string }) {
  return <Page title={batch} />;
}
