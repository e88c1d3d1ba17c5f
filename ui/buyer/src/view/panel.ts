import type { State } from "../state";
import { choosing } from "./choosing";
import { blocked, gone, nothingPayable, programsOnly } from "./ends";
import { alreadyPaid, bought, owned } from "./owned";
import { reviewing, short, wrongNetwork } from "./review";
import type { Panel, Scene } from "./scene";
import { closed, elsewhere, kept } from "./waiting";
import { working } from "./working";

/** How each state looks. */
export function panelFor(scene: Scene, state: State): Panel {
  switch (state.is) {
    case "choosing":
      return choosing(scene, state);
    case "working":
      return working(scene, state);
    case "wrongNetwork":
      return wrongNetwork(scene, state);
    case "short":
      return short(scene, state);
    case "reviewing":
      return reviewing(scene, state);
    case "kept":
      return kept(scene, state);
    case "elsewhere":
      return elsewhere(scene);
    case "owned":
      return owned(scene, state);
    case "blocked":
      return blocked(scene, state);
    case "alreadyPaid":
      return alreadyPaid(scene);
    case "bought":
      return bought(scene, state);
    case "closed":
      return closed(scene, state);
    case "gone":
      return gone(scene);
    case "programsOnly":
      return programsOnly(scene);
    case "nothingPayable":
      return nothingPayable(scene);
  }
}
