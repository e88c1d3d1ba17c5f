/** Room for decimals that an amount lacks beside the others of its column, so that their points line up. */
export function Places({ missing }: { missing: number }) {
  return (
    missing > 0 && (
      <span aria-hidden className="invisible">
        {"0".repeat(missing)}
      </span>
    )
  );
}
