import type { Messages } from "../words";

export const es: Messages = {
  test: "PRUEBA",
  paid_with: (tokens, network) => `${tokens} en ${network}`,

  choose_title: "Paga con tu wallet",
  choose_wallets: "Wallets de este navegador",
  choose_oldWallet: "Wallet del navegador",
  choose_lastUsed: "la última usada",
  choose_ways: "Pagar con",
  choose_after: "Antes de pagar nada ves exactamente lo que firmas.",
  choose_owned: "¿Ya lo compraste?",
  choose_prove: "Descargar otra vez",

  none_title: "Paga con tu wallet",
  none_text:
    "No se ha encontrado ninguna wallet en este navegador. Escanea el código con un teléfono que tenga una o abre esta página en su aplicación.",
  none_code: "Código QR de la dirección de esta página",
  none_apps: "Abrir esta página en",
  none_installed: "Si acabas de instalar una, busca otra vez.",
  none_again: "Buscar otra vez",

  prove_title: "Demuestra que lo compraste",
  prove_text: "Elige la wallet que pagó. Firma una frase, no un pago: no se cobra nada.",
  prove_back: "Aún no lo he comprado",

  steps: "Pasos",
  step_connect: "Conectar",
  step_sign: "Firmar",
  step_pay: "Pagar",
  step_receive: "Recibir",
  step_done: (name) => `${name}: hecho`,

  work_connecting: (wallet) => `Confirma la conexión en ${wallet}`,
  work_switching: (network) => `Confirma el cambio a ${network} en tu wallet`,
  work_checking: "Mirando tu saldo",
  work_signing: (wallet) => `Firma el pago en ${wallet}`,
  work_signingIn: (wallet) => `Inicia sesión con ${wallet}`,
  work_sending: "El vendedor comprueba tu pago",
  work_settling: "Tu pago se está liquidando",
  work_wallet: "Si no ves su ventana, abre la wallet desde la barra del navegador.",
  work_compare: (tokens, smallest, address) =>
    `Tiene que nombrar ${tokens}, que algunas wallets escriben como ${smallest}, y ${address}. Si nombra otra cosa, rechaza.`,
  work_stuck: "¿No responde? Empezar de nuevo",
  work_wait: "Tarda unos segundos. Puedes salir de esta página: nunca se cobra dos veces.",
  work_theWallet: "tu wallet",

  review_title: "Lo que firmas",
  review_pay: "Pagas",
  review_to: "A",
  review_network: "Red",
  review_from: "Desde",
  review_holds: (amount) => `tiene ${amount}`,
  review_until: "Válido hasta",
  review_untilText: "El vendedor lo cobra una vez antes de entonces; después no vale nada.",
  review_fee: "Comisión de red",
  review_noFee: "Ninguna para ti: la paga el vendedor",
  review_only: (price) =>
    `Tu firma mueve ${price} una sola vez y solo a esta dirección. No da a nadie acceso a nada más de tu wallet.`,
  review_button: (price) => `Firmar y pagar ${price}`,
  review_other: "Usar otra wallet",

  network_title: (network) => `Cambiar a ${network}`,
  network_text: (network) => `Se paga en ${network} y tu wallet está en otra red.`,
  network_rejected: "El cambio se rechazó en la wallet.",
  network_unknown: (network) =>
    `Tu wallet no conoce ${network}. Añádela en los ajustes de la wallet e inténtalo otra vez.`,
  network_failed: "La wallet no pudo cambiar por sí misma. Cambia en la wallet e inténtalo otra vez.",
  network_button: (network) => `Cambiar a ${network}`,

  short_title: (token) => `No hay suficiente ${token}`,
  short_holds: (balance, price, network) =>
    `Esta wallet tiene ${balance} en ${network} y el precio es ${price}.`,
  short_unknown: (token, network) =>
    `Esta wallet no tiene suficiente ${token} en ${network} para esto y lo demás que ha prometido.`,
  short_add: (token, network) => `Envía ${token} en ${network} a esta dirección y compruébalo otra vez:`,
  short_button: "Comprobar otra vez",
  short_nothing: "No se ha cobrado nada.",

  kept_title: "Termina tu compra",
  kept_settling: "Aún se está liquidando",
  kept_reloaded: (price, time) =>
    `Firmaste un pago de ${price} el ${time} y este navegador aún no ha recibido la respuesta.`,
  kept_silent:
    "Tu pago está firmado, pero el ordenador del vendedor no respondió. Quizá esté en reposo o sin conexión.",
  kept_away: "Tu pago está firmado, pero el vendedor no puede aceptarlo ahora mismo.",
  kept_settlingText: "La red tarda más de lo habitual en liquidar tu pago.",
  kept_same:
    "Al continuar se envía otra vez exactamente el mismo pago. Solo se puede cobrar una vez, así que no se cobra dos veces.",
  kept_button: "Continuar",
  kept_wasUntil: (time) =>
    `La firma era válida hasta ${time}. El vendedor sabe si se cobró antes; si no, no se cobra nada.`,
  kept_until: (time) => `La firma es válida hasta ${time}.`,

  elsewhere_title: "Estás pagando en otra pestaña",
  elsewhere_text: "Termina allí. Esta página la sigue por sí sola.",

  owned_title: "Es tuyo",
  owned_thanks: "Pagado. ¡Gracias!",
  owned_started: "La descarga ha empezado.",
  owned_since: (time) => `Comprado el ${time}`,
  owned_download: "Descargar",
  owned_again: "Descargar otra vez",
  owned_files: "Tus archivos",
  owned_receipt: "Recibo",
  owned_copy: "Copiar",
  owned_copied: "Copiado",
  owned_text: "Tu texto",
  owned_loading: "Cargando el texto…",
  owned_textFailed: "El texto no se pudo cargar aquí. Está en la descarga.",
  owned_settled: "Liquidado: el vendedor ha recibido el dinero.",
  owned_queued:
    "Aceptado: el vendedor cobra el dinero más tarde. Deja el importe en tu wallet hasta entonces.",
  owned_over: "Este enlace de descarga ha caducado, y sigue siendo tuyo.",
  owned_overText: "Inicia sesión con la wallet que pagó para obtener otro enlace. No se cobra nada.",
  owned_overSign: "Firma otra vez con la wallet que pagó. A quien ya lo tiene no se le cobra de nuevo.",
  owned_prove: "Obtener otro enlace",

  blocked_title: "El vendedor no acepta pagos de esta wallet",
  blocked_text:
    "No se ha cobrado nada. Lo que esta wallet pagó se puede seguir descargando, y otra wallet puede pagar.",

  paid_title: "Esto ya está pagado",
  paid_text:
    "Tu pago llegó antes. Inicia sesión con la wallet que pagó y empieza la descarga; no se cobra nada.",
  paid_sign:
    "Tu pago llegó antes. Firma otra vez con la misma wallet: el vendedor sabe que es suyo y no cobra de nuevo.",
  paid_button: "Iniciar sesión y descargar",
  paid_signButton: "Firmar y descargar",

  bought_title: "Pagado. Aquí está la respuesta",
  bought_file: "Pagado. Aquí está",
  bought_save: "Guardar",
  bought_once: "Solo está en esta página: guárdala antes de salir.",
  bought_long: "Es demasiado larga para mostrarla aquí.",

  closed_title: "Ahora no está a la venta",
  closed_text: "El puesto del vendedor está en pausa o no se puede abrir. No se ha cobrado nada.",
  closed_again: (time) => `Esta página vuelve a mirar a las ${time}.`,
  closed_button: "Mirar otra vez ahora",

  gone_title: "Ya no se vende aquí",
  gone_text: "El vendedor lo ha retirado. No se ha cobrado nada.",

  programs_title: "Hecho para programas",
  programs_text: (method) =>
    `Esto se llama con ${method}, que la página de un navegador no puede hacer por ti. Abajo se dice cómo paga un programa.`,

  unpayable_title: "Este navegador no puede pagar esto",
  unpayable_text: "Se vende de una manera que esta página no conoce. Quizá pueda un programa que hable x402.",

  notice_rejected: "Lo rechazaste en la wallet. No se ha firmado nada y no se cobra nada.",
  notice_walletBusy: "Tu wallet ya te está esperando: ábrela desde la barra y responde allí.",
  notice_walletFailed: "La wallet no pudo hacerlo.",
  notice_accountChanged: "Tu wallet ha cambiado a otra cuenta o red. Esto es lo que firmarías ahora.",
  notice_priceChanged: (old, now) =>
    `El precio ha cambiado de ${old} a ${now}. No se ha cobrado nada; míralo otra vez antes de firmar.`,
  notice_wayGone: "Al vendedor ya no se le paga así. No se ha cobrado nada; elige otra vez.",
  notice_expired: "La firma llegó tarde y ya no vale nada. No se ha cobrado nada; firma otra vez.",
  notice_failed: "El pago no se pudo liquidar. No se ha cobrado nada.",
  notice_refused: "El vendedor no pudo aceptar este pago. No se ha cobrado nada.",
  notice_capped:
    "El vendedor no puede aceptar este pago en este momento. No se ha cobrado nada; inténtalo más tarde.",
  notice_notOwner: "Esta wallet no ha comprado esto. Prueba con otra o cómpralo.",
  notice_noSignIn:
    "Aquí no se puede iniciar sesión. Puedes firmar un pago en su lugar: a quien ya lo tiene no se le cobra de nuevo.",
  notice_alreadyCalled: "Este pago ya se usó. No se ha llamado ni cobrado nada otra vez.",
};
