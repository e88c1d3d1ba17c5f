// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { show } from "../testing";

afterEach(cleanup);

const URL_OWN = "https://shop.example";

async function open(prepare?: Parameters<typeof show>[2]) {
  const window = show("/settings/reach", "few", prepare);
  await screen.findByRole("heading", { level: 1, name: "Reach" });
  await screen.findByRole("button", { name: "Use it: ngrok" });
  return window;
}

const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

test("each way says who can read along, whether its address stays, and what is missing", async () => {
  await open();
  expect(screen.getByText(/ngrok decrypts everything that passes/)).toBeTruthy();
  expect(screen.getAllByText("Address changes")).toHaveLength(1);
  expect(screen.getByText(/Install Tailscale from/)).toBeTruthy();
});

test("an own address is used, a wrong one is said to be wrong before that", async () => {
  const { asked, person } = await open();
  await person.click(screen.getByRole("button", { name: "Use it: Your own address" }));
  const form = await dialog("Your own address");
  await person.type(form.getByLabelText("Address"), "somewhere");
  await person.click(form.getByRole("button", { name: "Use it" }));
  expect(form.getByText(/begins with https/)).toBeTruthy();
  expect(asked("reach_set")).toEqual([]);
  await person.clear(form.getByLabelText("Address"));
  await person.type(form.getByLabelText("Address"), `${URL_OWN}{Enter}`);
  expect(await screen.findByText(URL_OWN, { selector: "code" })).toBeTruthy();
  expect(asked("reach_set")).toEqual([{ kind: "own_url", address: URL_OWN }]);
});

test("a token goes to the app once and stays nowhere in the window (I12)", async () => {
  const { asked, client, container, person } = await open();
  await person.click(screen.getByRole("button", { name: "Use it: ngrok" }));
  const form = await dialog("ngrok");
  await person.click(form.getByRole("button", { name: "Use it" }));
  expect(form.getByText("Paste the token of your account.")).toBeTruthy();
  await person.type(form.getByLabelText("Token"), "2abcSecret{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "ngrok" })).toBeNull());
  expect(asked("reach_set")).toEqual([{ kind: "ngrok", address: "", token: "2abcSecret" }]);
  expect(
    JSON.stringify(
      client
        .getMutationCache()
        .getAll()
        .map(({ state }) => state),
    ),
  ).not.toContain("Secret");
  expect(container.innerHTML).not.toContain("2abcSecret");
});

test("a way that takes the place of another warns that links stop working, and can be turned off", async () => {
  const { person } = await open((fake) => {
    fake.stall.reach.kind = "cloudflare_quick";
  });
  await person.click(screen.getByRole("button", { name: "Use it: This network" }));
  expect(await screen.findByText(/takes the place of Temporary link by Cloudflare/)).toBeTruthy();
  await person.keyboard("{Escape}");
  await person.click(await screen.findByRole("button", { name: "Turn off" }));
  expect(await screen.findByText("Only this computer reaches the stall now")).toBeTruthy();
});

test("what answers outside is said, and a purchase is gone through step by step", async () => {
  const { person } = await open((fake) => {
    fake.stall.reach.kind = "cloudflare_quick";
  });
  await person.click(screen.getByRole("button", { name: "Ask now" }));
  expect((await screen.findAllByText(/The stall answers at/)).length).toBeGreaterThan(0);
  await person.click(screen.getByRole("button", { name: "Try a purchase" }));
  expect(await screen.findByText(/Purchase, x402 version 1: Bought/)).toBeTruthy();
  expect(screen.getByText(/Purchase, x402 version 2: Bought/)).toBeTruthy();
});
