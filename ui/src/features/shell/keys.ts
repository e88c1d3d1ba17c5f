/** The key that goes with others, as it is written on this system's keyboards. */
export const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
