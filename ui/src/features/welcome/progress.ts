import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";

/** The steps to a first sale, in their order. */
export const STEPS = ["money", "environment", "price", "reach", "try"] as const;
export type Step = (typeof STEPS)[number];

const KEY = "stallkeeper-welcome";
const LEFT = "stallkeeper-welcome-left";

/** Where somebody left off; the first step where nobody began. */
function lastStep(): Step {
  const kept = localStorage.getItem(KEY);
  return STEPS.find((step) => step === kept) ?? "money";
}

/** Whether the steps open by themselves where nothing is set up: not for who came to the end, or wants to do it later. */
export function opensByItself(): boolean {
  return localStorage.getItem(LEFT) === null;
}

/** Keeps that somebody wants to do it later. The steps are still there, from Home. */
export function skip(): void {
  localStorage.setItem(LEFT, "yes");
}

/** Keeps that somebody came to the end. */
export function finish(): void {
  localStorage.setItem(KEY, "done");
  localStorage.setItem(LEFT, "yes");
}

/** The step that is shown, which stands in the address and is gone on with after a pause. */
export function useStep(): { step: Step; goTo(step: Step): void } {
  const { step = lastStep() } = useSearch({ from: "/welcome" });
  const navigate = useNavigate();
  useEffect(() => localStorage.setItem(KEY, step), [step]);
  return { step, goTo: (next) => void navigate({ to: "/welcome", search: { step: next } }) };
}
