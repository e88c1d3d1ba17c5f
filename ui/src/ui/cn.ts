import { type ClassValue, clsx } from "clsx";

/**
 * Joins class names. Of two that set the same thing nobody sees which wins, so none may: what a place may change stands in the
 * layer `components` of app.css, which every class of Tailwind's outdoes. The tests watch over it (`no-conflicts.ts`).
 */
export function cn(...classes: ClassValue[]): string {
  return clsx(classes);
}
