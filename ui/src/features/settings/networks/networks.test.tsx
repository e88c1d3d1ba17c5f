// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { show } from "../testing";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const AMOY = "/settings/networks/eip155:80002";
const BASE = "/settings/networks/eip155:84532";
const FUJI = "/settings/networks/eip155:43113";
const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

const sheet = async (name: RegExp) => within(await screen.findByRole("dialog", { name }));

test("a network is set up with several nodes and an address, and its sheet then shows its checks", async () => {
  const { person, asked, pass } = show(AMOY, "test");
  const form = await sheet(/^Polygon Amoy/);
  await person.click(await form.findByRole("button", { name: "Set it up" }));
  expect(form.getByText("A URL begins with https:// or http:// and names a host.")).toBeTruthy();
  expect(form.getByText("Paste an address.")).toBeTruthy();
  expect(asked("network_set")).toEqual([]);
  await person.type(form.getByLabelText("URL of the node"), "https://amoy.example/k3y");
  await person.click(form.getByRole("button", { name: "One more node" }));
  await person.type(form.getByLabelText("URL of node 2"), "https://other.example");
  await person.click(form.getByLabelText("Payout address"));
  await person.paste(`ethereum:${ADDRESS}`);
  expect(form.getByRole("status").textContent).toBe("dc79C8");
  await person.click(form.getByRole("button", { name: "Set it up" }));
  await waitFor(() =>
    expect(asked("network_set")).toEqual([
      {
        network: "eip155:80002",
        rpcUrls: ["https://amoy.example/k3y", "https://other.example"],
        payTo: ADDRESS,
      },
    ]),
  );
  await pass(1000);
  expect(await screen.findByText("Polygon Amoy is set up and ready")).toBeTruthy();
  const now = await sheet(/^Polygon Amoy/);
  expect(await now.findByText("The nodes answer as chain 80002.")).toBeTruthy();
  expect(now.getByText("https://amoy.example", { selector: "code" })).toBeTruthy();
  expect(document.body.textContent).not.toContain("k3y");
});

test("what the app says against a network is said in the form, which stays as it was typed", async () => {
  const { fake, person } = show(AMOY, "test");
  fake.failNext("network_set", "invalid_request", 1, "The checksum does not fit.");
  const form = await sheet(/^Polygon Amoy/);
  const url = await form.findByLabelText<HTMLInputElement>("URL of the node");
  await person.type(url, "https://amoy.example");
  await person.type(form.getByLabelText("Payout address"), `${ADDRESS}{Enter}`);
  expect((await form.findByRole("alert")).textContent).toContain("The checksum does not fit.");
  expect(form.getByRole("button", { name: "Copy details" })).toBeTruthy();
  expect(url.value).toBe("https://amoy.example");
});

test("a network that nobody knows takes a chain id and a token, and is found under its own name then", async () => {
  const { person, router, asked, pass } = show("/settings/networks/custom", "test");
  const form = await sheet(/^Another network/);
  await person.type(await form.findByLabelText("Chain id"), "12x");
  await person.click(form.getByRole("button", { name: "Set it up" }));
  expect(form.getByText("A chain id is a whole number without other signs.")).toBeTruthy();
  await person.clear(form.getByLabelText("Chain id"));
  await person.type(form.getByLabelText("Chain id"), "100");
  await person.type(form.getByLabelText("URL of the node"), "https://gnosis.example");
  await person.type(form.getByLabelText("Payout address"), ADDRESS);
  await person.type(form.getByLabelText("Token's address"), `${ADDRESS.replace("0x70", "0x80")}{Enter}`);
  await waitFor(() => expect(asked("network_set")).toHaveLength(1));
  expect(asked("network_set")[0]).toMatchObject({
    network: "eip155:100",
    token: ADDRESS.replace("0x70", "0x80"),
  });
  await pass(1000);
  await waitFor(() =>
    expect(decodeURIComponent(router.state.location.pathname)).toBe("/settings/networks/eip155:100"),
  );
});

test("a check shows what was found, and code that changed is accepted only after a question", async () => {
  const { fake, person, asked, pass } = show(FUJI, "test");
  const fuji = await sheet(/^Avalanche Fuji/);
  expect((await fuji.findAllByText(/no longer what it was on 2026-11-02/)).length).toBeGreaterThan(0);
  await person.click(fuji.getByRole("button", { name: "Check now" }));
  await waitFor(() => expect(asked("network_check")).toEqual([{ network: "eip155:43113" }]));
  await pass(1000);
  await person.click(await fuji.findByRole("button", { name: "Accept what changed…" }));
  const question = within(await screen.findByRole("alertdialog"));
  expect(asked("network_check")).toHaveLength(1);
  await person.click(question.getByRole("button", { name: "Accept and sell again" }));
  await pass(1000);
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  await waitFor(() => expect(fuji.queryByText(/no longer what it was/)).toBeNull());
  expect(fake.stall.networks.find("eip155:43113")?.hasChanged).toBe(false);
});

test("a node is added, put first and removed while the others keep the keys in their URLs", async () => {
  const { fake, person, pass } = show(BASE, "test");
  const urls = () => fake.stall.networks.find("eip155:84532")?.rpcUrls;
  const base = await sheet(/^Base Sepolia/);
  await person.type(await base.findByLabelText("Add a node"), "https://fourth.example/k4y{Enter}");
  await waitFor(() => expect(urls()).toHaveLength(4));
  await pass(1000);
  await person.click(await base.findByRole("button", { name: "Ask https://fourth.example first" }));
  await waitFor(() => expect(urls()?.[0]).toBe("https://fourth.example/k4y"));
  await pass(1000);
  await person.click(await base.findByRole("button", { name: "Remove https://base-away.example" }));
  await person.click(
    within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Remove the node" }),
  );
  await waitFor(() =>
    expect(urls()).toEqual([
      "https://fourth.example/k4y",
      "https://sepolia.base.example/v2/k3y",
      "https://base-behind.example",
    ]),
  );
});

test("a network on which payments wait is not given up, and says why where it was asked", async () => {
  const { fake, person, pass } = show(BASE, "test");
  const base = await sheet(/^Base Sepolia/);
  await person.click(await base.findByRole("button", { name: "Remove the network…" }));
  const question = within(await screen.findByRole("alertdialog"));
  await person.click(question.getByRole("button", { name: "Remove the network" }));
  expect((await question.findByRole("alert")).textContent).toContain("wait to be settled");
  await person.click(question.getByRole("button", { name: "Cancel" }));
  await pass(1000);
  expect(fake.stall.networks.rows).toHaveLength(2);
});

test("a network without payments goes after the question, and its row says that it is not set up", async () => {
  const { router, person, pass } = show(FUJI, "test");
  const fuji = await sheet(/^Avalanche Fuji/);
  await person.click(await fuji.findByRole("button", { name: "Remove the network…" }));
  await person.click(
    within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Remove the network" }),
  );
  await pass(1000);
  await waitFor(() => expect(router.state.location.pathname).toBe("/settings/networks"));
  expect(await screen.findByText("Avalanche Fuji was removed")).toBeTruthy();
});

test("practice shows its network and its node, and offers no way to change them", async () => {
  show(BASE, "few");
  const base = await sheet(/^Base Sepolia/);
  expect(await base.findByText("Practice runs this node itself, so it cannot be changed.")).toBeTruthy();
  for (const name of ["Add the node", "Remove the network…"]) {
    expect(base.queryByRole("button", { name })).toBeNull();
  }
  expect(base.queryByRole("button", { name: /explorer/ })).toBeNull();
});

test("a price of one's own for the coin is typed with a comma or a point, and given back by an empty field", async () => {
  const { person, asked, pass } = show(BASE, "test");
  const base = await sheet(/^Base Sepolia/);
  const field = () => base.findByLabelText<HTMLInputElement>("Your own price");
  await person.clear(await field());
  await person.type(await field(), "much{Enter}");
  expect(base.getByText(/This is not a price/)).toBeTruthy();
  await person.clear(await field());
  await person.type(await field(), "3100,5{Enter}");
  await waitFor(() => expect(asked("settings_set")).toEqual([{ key: "coin-price-ETH", value: "3100.5" }]));
  await pass(1000);
  await waitFor(async () => expect((await field()).value).toBe("3,100.50"));
  await person.clear(await field());
  await person.click(within((await field()).closest("form") ?? document.body).getByRole("button"));
  await waitFor(() => expect(asked("settings_set").at(-1)).toEqual({ key: "coin-price-ETH", value: "" }));
});

test("settling on a network takes no more gas money within a day than the seller says", async () => {
  const { person, asked, pass } = show(BASE, "test");
  const base = await sheet(/^Base Sepolia/);
  const field = () => base.findByLabelText<HTMLInputElement>("At most within 24 hours");
  await person.type(await field(), "0{Enter}");
  expect(base.getByText(/This is not an amount of coins/)).toBeTruthy();
  await person.clear(await field());
  await person.type(await field(), "0,015{Enter}");
  const key = "gas-a-day-eip155:84532";
  await waitFor(() => expect(asked("settings_set")).toEqual([{ key, value: "0.015" }]));
  await pass(1000);
  await waitFor(async () => expect((await field()).value).toBe("0.015"));
});

test("a facilitator is used, checked and given up from the network's sheet, its key by the path of a file", async () => {
  const { fake, person, asked, pass } = show(BASE, "test");
  const base = await sheet(/^Base Sepolia/);
  await person.click(await base.findByRole("button", { name: "Use a facilitator…" }));
  const form = within(await screen.findByRole("dialog", { name: "Who settles on Base Sepolia" }));
  await person.click(form.getByRole("button", { name: "Save" }));
  expect(form.getByText("A URL begins with https:// or http:// and names a host.")).toBeTruthy();
  await person.type(form.getByLabelText("URL of the facilitator"), "https://facilitator.example/base");
  await person.click(form.getByRole("radio", { name: "When gas is missing" }));
  await person.click(form.getByRole("combobox"));
  await person.click(await screen.findByRole("option", { name: "With a token" }));
  await person.click(form.getByRole("button", { name: "Save" }));
  expect(form.getByText("Choose a file, or type its whole path.")).toBeTruthy();
  fake.pickNext("/home/ada/token.txt");
  await person.click(form.getByRole("button", { name: "Choose…" }));
  await waitFor(() =>
    expect(form.getByLabelText<HTMLInputElement>("File with the token").value).toBe("/home/ada/token.txt"),
  );
  await person.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(asked("facilitator_set")).toEqual([
      {
        network: "eip155:84532",
        url: "https://facilitator.example/base",
        used: "without_gas",
        credential: "bearer",
        secretFile: "/home/ada/token.txt",
      },
    ]),
  );
  await pass(1000);
  expect(await base.findByText(/settles on Base Sepolia what the gas wallet cannot pay for/)).toBeTruthy();
  await person.click(base.getByRole("button", { name: "Check the facilitator" }));
  expect(await base.findByText("Buyers pay in USDC, which facilitators take.")).toBeTruthy();
  await person.click(base.getByRole("button", { name: "Stop using it…" }));
  await person.click(
    within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Stop using it" }),
  );
  await pass(1000);
  expect(await base.findByText(/The gas wallet, by transactions of its own/)).toBeTruthy();
});

test("the price feed is shown, another one is chosen by its address, and an empty field means the known one", async () => {
  const { person, asked, pass } = show(BASE, "test");
  const form = await sheet(/^Base Sepolia/);
  expect(await form.findByText("None is known for this network.")).toBeTruthy();
  const field = () => form.getByLabelText<HTMLInputElement>("Another price feed");
  const save = () => person.type(field(), "{Enter}");
  await person.type(field(), "0x12");
  await save();
  expect(asked("network_set")).toEqual([]);
  await person.clear(field());
  await person.click(field());
  await person.paste(ADDRESS);
  await save();
  await waitFor(() =>
    expect(asked("network_set")).toEqual([{ network: "eip155:84532", priceFeed: ADDRESS }]),
  );
  await pass(1000);
  expect(await form.findByText("chosen by you")).toBeTruthy();
  await person.clear(field());
  await save();
  await waitFor(() => expect(asked("network_set")[1]).toEqual({ network: "eip155:84532", priceFeed: "" }));
  await pass(1000);
  expect(await form.findByText("None is known for this network.")).toBeTruthy();
});
