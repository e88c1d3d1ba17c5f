// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { addWebhook, testWebhook } from "../../../platform/fake/webhooks";
import { show } from "../testing";

afterEach(cleanup);

const URL_OWN = "https://books.example";

async function open(prepare?: Parameters<typeof show>[2]) {
  const window = show("/settings/webhooks", "few", prepare);
  await screen.findByRole("heading", { level: 1, name: "Webhooks" });
  return window;
}

/** A stall that tells one receiver, which was sent a message. */
const told: Parameters<typeof show>[2] = ({ stall }) => {
  addWebhook(stall, { url: `${URL_OWN}/stall` });
  testWebhook(stall, 1);
};

async function choose(person: ReturnType<typeof show>["person"], name: string) {
  await person.click(await screen.findByRole("button", { name: `More for ${URL_OWN}` }));
  await person.click(await screen.findByRole("menuitem", { name }));
}

test("a webhook's secret is shown once, and is nowhere in the window after that (I12)", async () => {
  const { asked, client, container, person } = await open();
  await person.click(await screen.findByRole("button", { name: "Add a webhook" }));
  const form = within(await screen.findByRole("dialog", { name: "Add a webhook" }));
  await person.click(form.getByRole("button", { name: "Add a webhook" }));
  expect(form.getByText(/begins with https/)).toBeTruthy();
  await person.type(form.getByLabelText("Address"), `${URL_OWN}/stall?key=1`);
  await person.click(form.getByRole("checkbox", { name: "stall.online" }));
  await person.click(form.getByRole("button", { name: "Add a webhook" }));
  const secret = (await screen.findByText(/^whsec_/)).textContent;
  expect(asked("webhook_add")).toMatchObject([{ url: `${URL_OWN}/stall?key=1` }]);
  await person.click(screen.getByRole("button", { name: "I have copied it" }));
  await waitFor(() => expect(screen.queryByText(/^whsec_/)).toBeNull());
  expect(container.innerHTML).not.toContain(secret);
  const kept = [client.getQueryCache().getAll(), client.getMutationCache().getAll()].flat();
  expect(JSON.stringify(kept.map(({ state }) => state))).not.toContain(secret);
});

test("a message can be sent again, and a test is told of as it went", async () => {
  const { asked, pass, person } = await open(told);
  await person.click(await screen.findByRole("button", { name: "Send again" }));
  expect(await screen.findByText("It was sent again")).toBeTruthy();
  expect(asked("webhook_redeliver")).toEqual([{ message: 1 }]);
  await person.click(screen.getByRole("button", { name: "Send a test" }));
  expect(await screen.findByText("The test was taken")).toBeTruthy();
  await pass(1000);
  await waitFor(() => expect(screen.getAllByText("webhook.test")).toHaveLength(2));
  await person.click(screen.getByRole("radio", { name: "Waiting" }));
  expect(await screen.findByText("No message is in this state.")).toBeTruthy();
});

test("a webhook is switched off, told less, and removed once that was asked", async () => {
  const { asked, pass, person } = await open(told);
  await person.click(await screen.findByRole("switch", { name: `Tell ${URL_OWN} what happens` }));
  expect(await screen.findByText(`${URL_OWN} is switched off.`)).toBeTruthy();
  await choose(person, "What it is told…");
  await person.click(await screen.findByRole("checkbox", { name: "batch.settled" }));
  await person.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked("webhook_set")).toHaveLength(2));
  expect(await screen.findByText(/^Told of payment.accepted/)).toBeTruthy();
  await choose(person, "Remove…");
  await person.click(await screen.findByRole("button", { name: "Remove the webhook" }));
  await pass(1000);
  expect(await screen.findByText("Nobody is told anything yet")).toBeTruthy();
  expect(asked("webhook_remove")).toEqual([{ id: 1 }]);
});

test("a new secret takes the place of the old one only after it was asked for", async () => {
  const { asked, person } = await open(told);
  await choose(person, "New secret…");
  expect(asked("webhook_rotate")).toEqual([]);
  await person.click(await screen.findByRole("button", { name: "Make a new secret" }));
  expect(await screen.findByText(/^whsec_/)).toBeTruthy();
});
