import type { Offer } from "./contract";
import type { Keep } from "./keep";
import type { State } from "./state";
import type { Turn } from "./turn";

/** What a purchase finds around it: the page, the browser's memory, and the time. */
export interface Surroundings {
  offer: Offer;
  /** Path and query of the endpoint, which all requests go to. */
  address: string;
  origin: string;
  keep: Keep;
  turn: Turn;
  now: () => Date;
  pause: (seconds: number) => Promise<void>;
  show: (state: State) => void;
}
