import type { NetworkSetUp } from "../../../api/generated/NetworkSetUp";
import type { NodeView } from "../../../api/generated/NodeView";

/** The node that is asked, or the preferred one while none is. */
export function askedNode(setUp: NetworkSetUp | null): NodeView | undefined {
  return setUp?.nodes.find(({ state }) => state === "in_use") ?? setUp?.nodes[0];
}

/** A URL of a node, or of part of one: what a typed text must look like. */
export function isNodeUrl(text: string): boolean {
  return /^https?:\/\/[^/\s]/.test(text);
}

/** The places of so many nodes, with the one at `place` first. */
export function withFirst(count: number, place: number): number[] {
  return [place, ...places(count).filter((other) => other !== place)];
}

/** The places of so many nodes, without the one at `place`. */
export function without(count: number, place: number): number[] {
  return places(count).filter((other) => other !== place);
}

/** The places of so many nodes. */
export function places(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}
