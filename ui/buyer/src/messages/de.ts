import type { Messages } from "../words";

export const de: Messages = {
  test: "TEST",
  paid_with: (tokens, network) => `${tokens} auf ${network}`,

  choose_title: "Mit Ihrer Wallet bezahlen",
  choose_wallets: "Wallets in diesem Browser",
  choose_oldWallet: "Wallet des Browsers",
  choose_lastUsed: "zuletzt benutzt",
  choose_ways: "Bezahlen mit",
  choose_after: "Bevor etwas bezahlt wird, sehen Sie genau, was Sie unterschreiben.",
  choose_owned: "Schon gekauft?",
  choose_prove: "Erneut herunterladen",

  none_title: "Mit Ihrer Wallet bezahlen",
  none_text:
    "In diesem Browser wurde keine Wallet gefunden. Scannen Sie den Code mit einem Telefon, das eine hat, oder öffnen Sie diese Seite in deren App.",
  none_code: "QR-Code der Adresse dieser Seite",
  none_apps: "Diese Seite öffnen in",
  none_installed: "Haben Sie gerade eine installiert, suchen Sie noch einmal.",
  none_again: "Noch einmal suchen",

  prove_title: "Zeigen Sie, dass Sie dies gekauft haben",
  prove_text:
    "Wählen Sie die Wallet, die bezahlt hat. Sie unterschreibt einen Satz, keine Zahlung: Es wird nichts abgebucht.",
  prove_back: "Ich habe es noch nicht gekauft",

  steps: "Schritte",
  step_connect: "Verbinden",
  step_sign: "Unterschreiben",
  step_pay: "Bezahlen",
  step_receive: "Erhalten",
  step_done: (name) => `${name}: erledigt`,

  work_connecting: (wallet) => `Bestätigen Sie die Verbindung in ${wallet}`,
  work_switching: (network) => `Bestätigen Sie den Wechsel zu ${network} in Ihrer Wallet`,
  work_checking: "Ihr Guthaben wird angesehen",
  work_signing: (wallet) => `Unterschreiben Sie die Zahlung in ${wallet}`,
  work_signingIn: (wallet) => `Melden Sie sich mit ${wallet} an`,
  work_sending: "Der Verkäufer prüft Ihre Zahlung",
  work_settling: "Ihre Zahlung wird abgerechnet",
  work_wallet: "Ist ihr Fenster nicht zu sehen, öffnen Sie die Wallet in der Leiste des Browsers.",
  work_compare: (tokens, smallest, address) =>
    `Sie muss ${tokens} nennen, was manche Wallets als ${smallest} schreiben, und ${address}. Nennt sie etwas anderes, lehnen Sie ab.`,
  work_stuck: "Keine Antwort? Neu beginnen",
  work_wait: "Das dauert einige Sekunden. Sie können diese Seite verlassen: Es wird nie zweimal abgebucht.",
  work_theWallet: "Ihrer Wallet",

  review_title: "Was Sie unterschreiben",
  review_pay: "Sie bezahlen",
  review_to: "An",
  review_network: "Netz",
  review_from: "Von",
  review_holds: (amount) => `enthält ${amount}`,
  review_until: "Gültig bis",
  review_untilText: "Der Verkäufer holt sie davor einmal ab; danach ist sie wertlos.",
  review_fee: "Netzgebühr",
  review_noFee: "Keine für Sie: Der Verkäufer bezahlt sie",
  review_only: (price) =>
    `Ihre Unterschrift bewegt ${price} einmal, nur an diese Adresse. Sie gibt niemandem Zugriff auf etwas anderes in Ihrer Wallet.`,
  review_button: (price) => `Unterschreiben und ${price} bezahlen`,
  review_other: "Eine andere Wallet nehmen",

  network_title: (network) => `Zu ${network} wechseln`,
  network_text: (network) => `Bezahlt wird auf ${network}, und Ihre Wallet ist in einem anderen Netz.`,
  network_rejected: "Der Wechsel wurde in der Wallet abgelehnt.",
  network_unknown: (network) =>
    `Ihre Wallet kennt ${network} nicht. Fügen Sie es in den Einstellungen der Wallet hinzu und versuchen Sie es noch einmal.`,
  network_failed:
    "Die Wallet konnte nicht von selbst wechseln. Wechseln Sie in der Wallet und versuchen Sie es noch einmal.",
  network_button: (network) => `Zu ${network} wechseln`,

  short_title: (token) => `Nicht genug ${token}`,
  short_holds: (balance, price, network) =>
    `Diese Wallet enthält ${balance} auf ${network}, und der Preis ist ${price}.`,
  short_unknown: (token, network) =>
    `Diese Wallet enthält nicht genug ${token} auf ${network} für dies und was sie sonst versprochen hat.`,
  short_add: (token, network) =>
    `Senden Sie ${token} auf ${network} an diese Adresse und prüfen Sie dann noch einmal:`,
  short_button: "Noch einmal prüfen",
  short_nothing: "Es wurde nichts abgebucht.",

  kept_title: "Schließen Sie Ihren Kauf ab",
  kept_settling: "Wird noch abgerechnet",
  kept_reloaded: (price, time) =>
    `Sie haben am ${time} eine Zahlung von ${price} unterschrieben, und dieser Browser hat die Antwort noch nicht erhalten.`,
  kept_silent:
    "Ihre Zahlung ist unterschrieben, aber der Computer des Verkäufers hat nicht geantwortet. Vielleicht schläft er oder ist offline.",
  kept_away: "Ihre Zahlung ist unterschrieben, aber der Verkäufer kann sie gerade nicht annehmen.",
  kept_settlingText: "Das Netz braucht länger als gewöhnlich, um Ihre Zahlung abzurechnen.",
  kept_same:
    "Beim Fortfahren wird genau dieselbe Zahlung noch einmal gesendet. Sie kann nur einmal abgeholt werden, also wird nicht zweimal abgebucht.",
  kept_button: "Fortfahren",
  kept_wasUntil: (time) =>
    `Die Unterschrift war bis ${time} gültig. Der Verkäufer weiß, ob sie davor abgeholt wurde; wenn nicht, wird nichts abgebucht.`,
  kept_until: (time) => `Die Unterschrift ist bis ${time} gültig.`,

  elsewhere_title: "Sie bezahlen in einem anderen Tab",
  elsewhere_text: "Schließen Sie dort ab. Diese Seite folgt von selbst.",

  owned_title: "Das gehört Ihnen",
  owned_thanks: "Bezahlt. Vielen Dank!",
  owned_started: "Das Herunterladen hat begonnen.",
  owned_since: (time) => `Gekauft am ${time}`,
  owned_download: "Herunterladen",
  owned_again: "Erneut herunterladen",
  owned_files: "Ihre Dateien",
  owned_receipt: "Beleg",
  owned_copy: "Kopieren",
  owned_copied: "Kopiert",
  owned_text: "Ihr Text",
  owned_loading: "Der Text wird geladen …",
  owned_textFailed: "Der Text konnte hier nicht geladen werden. Er ist in der heruntergeladenen Datei.",
  owned_settled: "Abgerechnet: Der Verkäufer hat das Geld erhalten.",
  owned_queued:
    "Angenommen: Der Verkäufer holt das Geld später ab. Lassen Sie den Betrag bis dahin in Ihrer Wallet.",
  owned_over: "Dieser Link ist abgelaufen, und die Sache gehört weiter Ihnen.",
  owned_overText:
    "Melden Sie sich mit der Wallet an, die bezahlt hat, um einen neuen Link zu erhalten. Es wird nichts abgebucht.",
  owned_overSign:
    "Unterschreiben Sie noch einmal mit der Wallet, die bezahlt hat. Wem dies gehört, dem wird nicht noch einmal abgebucht.",
  owned_prove: "Einen neuen Link holen",

  blocked_title: "Der Verkäufer nimmt von dieser Wallet keine Zahlungen an",
  blocked_text:
    "Es wurde nichts abgebucht. Was diese Wallet bezahlt hat, kann weiter abgeholt werden, und eine andere Wallet darf bezahlen.",

  paid_title: "Das ist schon bezahlt",
  paid_text:
    "Ihre Zahlung kam schon früher an. Melden Sie sich mit der Wallet an, die bezahlt hat, und das Herunterladen beginnt; es wird nichts abgebucht.",
  paid_sign:
    "Ihre Zahlung kam schon früher an. Unterschreiben Sie noch einmal mit derselben Wallet: Der Verkäufer weiß, dass ihr dies gehört, und bucht nicht noch einmal ab.",
  paid_button: "Anmelden und herunterladen",
  paid_signButton: "Unterschreiben und herunterladen",

  bought_title: "Bezahlt. Hier ist die Antwort",
  bought_file: "Bezahlt. Hier ist es",
  bought_save: "Speichern",
  bought_once: "Sie steht nur auf dieser Seite: Speichern Sie sie, bevor Sie gehen.",
  bought_long: "Sie ist zu lang, um hier gezeigt zu werden.",

  closed_title: "Gerade nicht im Verkauf",
  closed_text: "Der Stand des Verkäufers macht Pause oder ist nicht erreichbar. Es wurde nichts abgebucht.",
  closed_again: (time) => `Diese Seite sieht um ${time} noch einmal nach.`,
  closed_button: "Jetzt noch einmal nachsehen",

  gone_title: "Wird hier nicht mehr verkauft",
  gone_text: "Der Verkäufer hat dies entfernt. Es wurde nichts abgebucht.",

  programs_title: "Für Programme gemacht",
  programs_text: (method) =>
    `Dies wird mit ${method} aufgerufen, was die Seite eines Browsers nicht für Sie tun kann. Wie ein Programm bezahlt, steht unten.`,

  unpayable_title: "Dieser Browser kann dies nicht bezahlen",
  unpayable_text:
    "Es wird auf eine Weise verkauft, die diese Seite nicht kennt. Ein Programm, das x402 spricht, kann es vielleicht.",

  notice_rejected:
    "Sie haben in der Wallet abgelehnt. Es wurde nichts unterschrieben, und es wird nichts abgebucht.",
  notice_walletBusy: "Ihre Wallet wartet schon auf Sie: Öffnen Sie sie in der Leiste und antworten Sie dort.",
  notice_walletFailed: "Die Wallet konnte es nicht tun.",
  notice_accountChanged:
    "Ihre Wallet hat zu einem anderen Konto oder Netz gewechselt. Das würden Sie jetzt unterschreiben.",
  notice_priceChanged: (old, now) =>
    `Der Preis hat sich von ${old} auf ${now} geändert. Es wurde nichts abgebucht; sehen Sie ihn noch einmal an, bevor Sie unterschreiben.`,
  notice_wayGone:
    "Der Verkäufer wird so nicht mehr bezahlt. Es wurde nichts abgebucht; bitte wählen Sie noch einmal.",
  notice_expired:
    "Die Unterschrift kam zu spät und ist jetzt wertlos. Es wurde nichts abgebucht; bitte unterschreiben Sie noch einmal.",
  notice_failed: "Die Zahlung konnte nicht abgerechnet werden. Es wurde nichts abgebucht.",
  notice_refused: "Der Verkäufer konnte diese Zahlung nicht annehmen. Es wurde nichts abgebucht.",
  notice_capped:
    "Der Verkäufer kann diese Zahlung im Moment nicht annehmen. Es wurde nichts abgebucht; bitte versuchen Sie es später noch einmal.",
  notice_notOwner:
    "Diese Wallet hat dies nicht gekauft. Versuchen Sie es mit einer anderen, oder kaufen Sie es.",
  notice_noSignIn:
    "Anmelden ist hier nicht möglich. Sie können stattdessen eine Zahlung unterschreiben: Wem dies gehört, dem wird nicht noch einmal abgebucht.",
  notice_alreadyCalled:
    "Diese Zahlung wurde schon benutzt. Es wurde nichts noch einmal aufgerufen oder abgebucht.",
};
