/** The time zones to choose from, with the one that is chosen. */
export function zonesWith(chosen: string): readonly string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return [...new Set([chosen, "UTC", ...known])].sort((one, other) => one.localeCompare(other));
}
