// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { RevenueDay } from "../../api/generated/RevenueDay";
import { Announcer } from "../../ui/announce";
import { SurroundingsProvider } from "../../ui/surroundings";
import { SalesChart } from "./SalesChart";

afterEach(cleanup);

const sum = (cents: number) => ({
  payments: 1,
  amount: String(cents * 10_000),
  decimals: 6,
  formatted: (cents / 100).toFixed(2),
});

const days: RevenueDay[] = [19, 20, 21].map((day, place) => ({
  day: `2026-11-${day}`,
  settled: sum(100 * (place + 1)),
  pending: sum(50),
  attention: sum(0),
  before: sum(200),
}));

function open({ compare = false, amountsHidden = false } = {}) {
  const drawn = (shown: readonly RevenueDay[]) => (
    <SurroundingsProvider
      value={{
        copy: async () => {},
        openUrl: async () => {},
        save: async () => null,
        showFile: async () => {},
        amountsHidden,
        tools: null,
      }}
    >
      <SalesChart days={shown} label="Sales" compare={compare} />
      <Announcer />
    </SurroundingsProvider>
  );
  const { rerender } = render(drawn(days));
  const chart = screen.getByLabelText("Sales");
  return { chart, person: userEvent.setup(), show: (shown: readonly RevenueDay[]) => rerender(drawn(shown)) };
}

const hears = (words: string) => waitFor(() => expect(screen.getByRole("status").textContent).toBe(words));

/** The amounts that stand beside a day. */
const told = (chart: HTMLElement) => [...chart.querySelectorAll("dd")].map(({ textContent }) => textContent);

test("the arrow keys go from day to day, say each and stop at the ends", async () => {
  const { chart, person } = open();
  await person.tab();
  expect(document.activeElement).toBe(chart);
  await hears("Nov 21: $3.00 settled, $0.50 pending");
  await person.keyboard("{ArrowLeft}");
  await hears("Nov 20: $2.00 settled, $0.50 pending");
  expect(told(chart)).toEqual(["$2.00", "$0.50"]);
  await person.keyboard("{Home}{ArrowLeft}");
  await hears("Nov 19: $1.00 settled, $0.50 pending");
  await person.keyboard("{ArrowRight}");
  await hears("Nov 20: $2.00 settled, $0.50 pending");
  await person.keyboard("{End}{ArrowRight}");
  await hears("Nov 21: $3.00 settled, $0.50 pending");
});

test("Escape closes what is told, and so does leaving the chart", async () => {
  const { chart, person } = open();
  await person.tab();
  expect(told(chart)).toHaveLength(2);
  await person.keyboard("{Escape}");
  expect(told(chart)).toEqual([]);
  await person.keyboard("{ArrowLeft}");
  expect(told(chart)).toEqual(["$3.00", "$0.50"]);
  await person.tab();
  expect(told(chart)).toEqual([]);
});

test("going back by the keyboard is left to the window", async () => {
  const { chart, person } = open();
  await person.tab();
  expect(fireEvent.keyDown(chart, { key: "ArrowLeft", altKey: true })).toBe(true);
  expect(told(chart)).toEqual(["$3.00", "$0.50"]);
});

test("whoever compares sees and hears the time before as well", async () => {
  const { chart, person } = open({ compare: true });
  expect(chart.querySelectorAll("polyline")).toHaveLength(1);
  await person.tab();
  await hears("Nov 21: $3.00 settled, $0.50 pending, $2.00 settled before");
  expect(told(chart)).toEqual(["$3.00", "$0.50", "$2.00"]);
});

test("hidden amounts are neither shown nor said", async () => {
  const { person } = open({ compare: true, amountsHidden: true });
  await person.tab();
  await waitFor(() => expect(screen.getByRole("status").textContent).toContain("Nov 21"));
  expect(document.body.textContent).not.toMatch(/\$|\d\.\d/);
});

test("a day that is no longer shown is no longer told", async () => {
  const { chart, person, show } = open();
  await person.tab();
  show(days.slice(0, 1));
  expect(told(chart)).toEqual([]);
  await person.keyboard("{ArrowLeft}");
  await hears("Nov 19: $1.00 settled, $0.50 pending");
});
