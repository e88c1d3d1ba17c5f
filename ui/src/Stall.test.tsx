import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ApiError } from "./api/error";
import type { EndpointView } from "./api/generated/EndpointView";
import type { StatusView } from "./api/generated/StatusView";
import { photo, status } from "./platform/example";
import { Page } from "./Stall";

/** What a person reads on the page. */
function page(view: StatusView, items: EndpointView[]): string {
  return text(<Page status={{ state: "known", view }} endpoints={{ state: "known", view: { items } }} />);
}

function text(element: React.ReactElement): string {
  return renderToStaticMarkup(element)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

test("a stall shows its address, its environment, and what it sells for how much", () => {
  const shown = page(status, [photo]);
  expect(shown).toContain("http://127.0.0.1:4021 · reached from this computer only");
  expect(shown).toContain("Environment practice");
  expect(shown).toContain("Harbour at dawn http://127.0.0.1:4021/photo 0.05 USDC");
  expect(shown).not.toContain("Nothing yet");
});

test("an empty stall says how to put something up", () => {
  expect(page(status, [])).toContain("Nothing yet. For now a file is put up from the command line");
});

test("what is not sold now says so", () => {
  expect(page(status, [{ ...photo, state: "paused" }])).toContain("Harbour at dawn Paused");
});

test("money that is worth nothing is never shown without saying so", () => {
  expect(page(status, [])).toContain("play money");
  expect(page({ ...status, environment: "test" }, [])).toContain("worth nothing");
  expect(page({ ...status, environment: "live" }, [])).not.toMatch(/play money|worth nothing/);
});

test("a network that cannot be sold on says why", () => {
  const networks = status.networks.map((network) => ({
    ...network,
    ready: false,
    waitingFor: "No node answers.",
  }));
  expect(page({ ...status, networks }, [])).toContain("Base Sepolia No node answers.");
});

test("a stall that could not be opened shows the reason and promises nothing", () => {
  const error = new ApiError("in_use", "Another Stallkeeper is using the data folder.");
  const shown = text(<Page status={{ state: "failed", error }} endpoints={{ state: "failed", error }} />);
  expect(shown).toContain("Another Stallkeeper is using the data folder.");
  expect(shown).not.toContain("For sale");
});
