// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { Dialog } from "./Dialog";
import { SecretField } from "./SecretField";

afterEach(cleanup);

function Form() {
  const [isOpen, setOpen] = useState(true);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen} title="Make a backup">
      <SecretField label="Passphrase" name="passphrase" />
      <input type="checkbox" aria-label="Each day" />
    </Dialog>
  );
}

const beside = () => {
  const backdrop = document.querySelector(".bg-scrim");
  if (backdrop === null) {
    throw new Error("There is no backdrop.");
  }
  return backdrop;
};

test("a click beside a dialog closes it, unless it holds typed text", async () => {
  const person = userEvent.setup();
  render(<Form />);
  const field = await screen.findByLabelText<HTMLInputElement>("Passphrase");
  await person.type(field, "correct horse");
  await person.click(beside());
  expect(screen.getByRole("dialog", { name: "Make a backup" })).toBeTruthy();
  expect(field.value).toBe("correct horse");
  await person.clear(field);
  await person.click(screen.getByRole("checkbox"));
  await person.click(beside());
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("Esc closes a dialog that holds typed text, as whoever presses it means to", async () => {
  const person = userEvent.setup();
  render(<Form />);
  await person.type(await screen.findByLabelText("Passphrase"), "correct horse{Escape}");
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});
