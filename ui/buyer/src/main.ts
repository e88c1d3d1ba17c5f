import "./buyer.css";
import { browserStorage, Keep } from "./keep";
import { readOffer } from "./offer";
import { Purchase } from "./purchase";
import type { State } from "./state";
import { Turn } from "./turn";
import { Stage } from "./view/stage";
import { Wallets } from "./wallets";
import { messagesFor } from "./words";

/** Takes the checkout over from the template, where there is something to buy. */
function start(): void {
  const offer = readOffer(document);
  const place = document.getElementById("pay");
  if (offer === null || place === null) {
    return;
  }
  const address = `${location.pathname}${location.search}`;
  const storage = browserStorage();
  const keep = new Keep(storage, address, offer.page.environment);
  const stage = new Stage(place);
  const wallets = new Wallets(window);

  const purchase = new Purchase({
    offer,
    address,
    origin: location.origin,
    keep,
    turn: new Turn(address, navigator.locks, storage),
    now: () => new Date(),
    pause: (seconds) => new Promise((next) => setTimeout(next, seconds * 1000)),
    show: (state) => show(state),
  });

  const show = (state: State) => {
    const lastWallet = keep.lastWallet();
    stage.show(
      {
        words: messagesFor([document.documentElement.lang]),
        page: offer.page,
        origin: location.origin,
        purchase,
        wallets: wallets.list(lastWallet),
        lastWallet,
        lookForWallets: () => {
          wallets.lookAgain();
          show(purchase.state);
        },
        say: stage.say,
      },
      state,
    );
  };

  wallets.watch(() => {
    if (purchase.state.is === "choosing") {
      show(purchase.state);
    }
  });
  // Comes only once this tab can read what another one wrote, which a message of its own might overtake.
  window.addEventListener("storage", () => purchase.otherTab());
  void purchase.start();
}

start();
