// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { Address } from "./Address";
import type { Column } from "./column";
import { TableRow } from "./TableRow";

const COLUMNS: Column<{ payer: string }>[] = [
  { name: "payer", header: () => "Buyer", cell: ({ payer }) => <Address value={payer} />, width: "8rem" },
];

const ACTIONS = { onAttend: () => {} };

function Table({ payer }: { payer: string }) {
  return (
    <table>
      <tbody>
        <TableRow
          row={{ payer }}
          id={payer}
          columns={COLUMNS}
          tracks="8rem"
          index={0}
          height={36}
          gap={0}
          isStop
          isOpen={false}
          isChosen={null}
          actions={ACTIONS}
        />
      </tbody>
    </table>
  );
}

afterEach(cleanup);

const copy = () => screen.queryByRole("button", { name: "Copy the address" });

test("a row's buttons are there while the pointer is on it", async () => {
  render(<Table payer="0xa1" />);
  expect(copy()).toBeNull();
  await userEvent.hover(screen.getByText("0xa1", { selector: ".sr-only" }));
  expect(copy()).not.toBeNull();
  await userEvent.unhover(screen.getByRole("row"));
  expect(copy()).toBeNull();
});

test("the keyboard comes from a row to its buttons, and back to them", async () => {
  render(<Table payer="0xa1" />);
  await userEvent.tab();
  expect(document.activeElement).toBe(screen.getByRole("row"));
  await userEvent.tab();
  expect(document.activeElement).toBe(copy());
  await userEvent.tab();
  expect(document.activeElement).not.toBe(copy());
  await userEvent.tab({ shift: true });
  expect(document.activeElement).toBe(copy());
});

test("an element that shows another row by now does not take that for reached", async () => {
  const { rerender } = render(<Table payer="0xa1" />);
  await userEvent.hover(screen.getByRole("row"));
  expect(copy()).not.toBeNull();
  rerender(<Table payer="0xb2" />);
  expect(copy()).toBeNull();
});
