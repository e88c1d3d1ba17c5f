/** Every sentence that the page's program shows. What stands there without it is in `template.html`. */
export const en = {
  test: "TEST",
  paid_with: (tokens: string, network: string) => `${tokens} on ${network}`,

  choose_title: "Pay with your wallet",
  choose_wallets: "Wallets in this browser",
  choose_oldWallet: "Browser wallet",
  choose_lastUsed: "used last",
  choose_ways: "Pay with",
  choose_after: "You see exactly what you sign before anything is paid.",
  choose_owned: "Bought this before?",
  choose_prove: "Download again",

  none_title: "Pay with your wallet",
  none_text:
    "No wallet was found in this browser. Scan the code with a phone that has one, or open this page in its app.",
  none_code: "QR code of this page’s address",
  none_apps: "Open this page in",
  none_installed: "If you have just installed one, look again.",
  none_again: "Look again",

  prove_title: "Show that you bought this",
  prove_text: "Choose the wallet that paid. It signs a sentence, not a payment: nothing is charged.",
  prove_back: "I have not bought it yet",

  steps: "Steps",
  step_connect: "Connect",
  step_sign: "Sign",
  step_pay: "Pay",
  step_receive: "Receive",
  step_done: (name: string) => `${name}: done`,

  work_connecting: (wallet: string) => `Confirm the connection in ${wallet}`,
  work_switching: (network: string) => `Confirm the change to ${network} in your wallet`,
  work_checking: "Looking at your balance",
  work_signing: (wallet: string) => `Sign the payment in ${wallet}`,
  work_signingIn: (wallet: string) => `Sign in with ${wallet}`,
  work_sending: "The seller checks your payment",
  work_settling: "Your payment is being settled",
  work_wallet: "If its window is not in sight, open the wallet from your browser’s toolbar.",
  work_compare: (tokens: string, smallest: string, address: string) =>
    `It has to name ${tokens}, which some wallets write as ${smallest}, and ${address}. If it names anything else, decline.`,
  work_stuck: "No answer? Start again",
  work_wait: "This takes a few seconds. You can leave this page: you are never charged twice.",
  work_theWallet: "your wallet",

  review_title: "What you sign",
  review_pay: "You pay",
  review_to: "To",
  review_network: "Network",
  review_from: "From",
  review_holds: (amount: string) => `holds ${amount}`,
  review_until: "Valid until",
  review_untilText: "The seller collects it once before then; after that it is worth nothing.",
  review_fee: "Network fee",
  review_noFee: "None for you: the seller pays it",
  review_only: (price: string) =>
    `Your signature moves ${price} once, to this address only. It gives nobody access to anything else in your wallet.`,
  review_button: (price: string) => `Sign and pay ${price}`,
  review_other: "Use another wallet",

  network_title: (network: string) => `Change to ${network}`,
  network_text: (network: string) => `This is paid on ${network}, and your wallet is on another network.`,
  network_rejected: "The change was declined in the wallet.",
  network_unknown: (network: string) =>
    `Your wallet does not know ${network}. Add it in the wallet’s settings, then try again.`,
  network_failed: "The wallet could not change by itself. Change it in the wallet, then try again.",
  network_button: (network: string) => `Change to ${network}`,

  short_title: (token: string) => `Not enough ${token}`,
  short_holds: (balance: string, price: string, network: string) =>
    `This wallet holds ${balance} on ${network}, and the price is ${price}.`,
  short_unknown: (token: string, network: string) =>
    `This wallet does not hold enough ${token} on ${network} for this and what else it has promised.`,
  short_add: (token: string, network: string) =>
    `Send ${token} on ${network} to this address, then check again:`,
  short_button: "Check again",
  short_nothing: "Nothing was charged.",

  kept_title: "Finish your purchase",
  kept_settling: "Still being settled",
  kept_reloaded: (price: string, time: string) =>
    `You signed a payment of ${price} on ${time}, and this browser has not received the answer yet.`,
  kept_silent:
    "Your payment is signed, but the seller’s computer did not answer. It may be asleep or offline.",
  kept_away: "Your payment is signed, but the seller cannot take it right now.",
  kept_settlingText: "The network takes longer than usual to settle your payment.",
  kept_same:
    "Continuing sends the very same payment again. It can be collected once only, so you are not charged twice.",
  kept_button: "Continue",
  kept_wasUntil: (time: string) =>
    `The signature was valid until ${time}. The seller knows whether it was collected before; if not, nothing is charged.`,
  kept_until: (time: string) => `The signature is valid until ${time}.`,

  elsewhere_title: "You are paying in another tab",
  elsewhere_text: "Finish there. This page follows by itself.",

  owned_title: "You own this",
  owned_thanks: "Paid. Thank you!",
  owned_started: "Your download has begun.",
  owned_since: (time: string) => `Bought on ${time}`,
  owned_download: "Download",
  owned_again: "Download again",
  owned_files: "Your files",
  owned_receipt: "Receipt",
  owned_copy: "Copy",
  owned_copied: "Copied",
  owned_text: "Your text",
  owned_loading: "Loading the text…",
  owned_textFailed: "The text could not be loaded here. The download holds it.",
  owned_settled: "Settled: the seller has received the money.",
  owned_queued: "Accepted: the seller collects the money later. Leave the amount in your wallet until then.",
  owned_over: "This download link is over, and the thing is still yours.",
  owned_overText: "Sign in with the wallet that paid to get a new link. Nothing is charged.",
  owned_overSign: "Sign once more with the wallet that paid. Whoever owns this is not charged again.",
  owned_prove: "Get a new link",

  blocked_title: "The seller takes no payments from this wallet",
  blocked_text:
    "Nothing was charged. What this wallet has paid for can still be fetched, and another wallet may pay.",

  paid_title: "This is already paid for",
  paid_text:
    "Your payment went through earlier. Sign in with the wallet that paid and the download begins; nothing is charged.",
  paid_sign:
    "Your payment went through earlier. Sign once more with the same wallet: the seller knows that it owns this and does not charge again.",
  paid_button: "Sign in and download",
  paid_signButton: "Sign and download",

  bought_title: "Paid. Here is the answer",
  bought_file: "Paid. Here it is",
  bought_save: "Save",
  bought_once: "It is kept on this page only: save it before you leave.",
  bought_long: "It is too long to show here.",

  closed_title: "Not on sale right now",
  closed_text: "The seller’s stall is paused or cannot be reached. Nothing was charged.",
  closed_again: (time: string) => `This page looks again at ${time}.`,
  closed_button: "Look again now",

  gone_title: "Not sold here any more",
  gone_text: "The seller has taken this down. Nothing was charged.",

  programs_title: "Made for programs",
  programs_text: (method: string) =>
    `This is called with ${method}, which a browser’s page cannot do for you. How a program pays stands below.`,

  unpayable_title: "This browser cannot pay for this",
  unpayable_text: "It is sold in a way that this page does not know. A program that speaks x402 may.",

  notice_rejected: "You declined in the wallet. Nothing was signed and nothing is charged.",
  notice_walletBusy: "Your wallet is already waiting for you: open it from the toolbar and answer there.",
  notice_walletFailed: "The wallet could not do it.",
  notice_accountChanged:
    "Your wallet has changed to another account or network. This is what you would sign now.",
  notice_priceChanged: (old: string, now: string) =>
    `The price has changed from ${old} to ${now}. Nothing was charged; look at it again before you sign.`,
  notice_wayGone: "The seller is not paid this way any more. Nothing was charged; please choose again.",
  notice_expired:
    "The signature came too late and is worth nothing now. Nothing was charged; please sign again.",
  notice_failed: "The payment could not be settled. Nothing was charged.",
  notice_refused: "The seller could not take this payment. Nothing was charged.",
  notice_capped:
    "The seller cannot take this payment at the moment. Nothing was charged; please try again later.",
  notice_notOwner: "This wallet has not bought this. Try another one, or buy it.",
  notice_noSignIn:
    "Signing in is not possible here. You can sign a payment instead: whoever owns this is not charged again.",
  notice_alreadyCalled: "This payment has already been used. Nothing was called or charged again.",
} as const;
