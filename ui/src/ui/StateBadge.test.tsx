// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { StateBadge } from "./StateBadge";

afterEach(cleanup);

/** Every state that the engine tells, and the only ones of which money is said to have come. */
const STATES = {
  queued: "Ready to settle",
  settling: "Settling…",
  settled: "Settled",
  settled_elsewhere: "Settled",
  failed: "Failed",
  expired: "Expired",
  cancelled: "Cancelled by buyer",
  diverted: "Diverted",
  written_off: "Written off",
  voided: "Voided",
} as const;

/** T88: a word of the window follows from the engine's state alone, which follows from evidence (I7). */
test("only what the chain showed is called settled, and what nobody knows is called by no such word", () => {
  for (const [state, word] of Object.entries(STATES)) {
    render(<StateBadge state={state} />);
    expect(screen.getByText(word), state).toBeTruthy();
    cleanup();
  }
  for (const other of ["sent", "mined", "handed_over", "SETTLED", "settled "]) {
    const { container } = render(<StateBadge state={other} />);
    expect(container.textContent, other).not.toContain("Settled");
    cleanup();
  }
});
