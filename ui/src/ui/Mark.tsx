/** The program's mark, as on its icon. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 1024 1024" aria-hidden="true" className={className}>
      <rect x="64" y="64" width="896" height="896" rx="200" fill="#2f54eb" />
      <rect x="272" y="420" width="480" height="420" rx="36" fill="#dde5ff" />
      <rect x="336" y="600" width="352" height="44" rx="22" fill="#a3b5f7" />
      <rect x="336" y="720" width="352" height="44" rx="22" fill="#2f54eb" />
      <path
        fill="#fff"
        d="M268 220h96l-36 240a64 64 0 0 1-128 0zM462 220h100l6 240a56 64 0 0 1-112 0zM660 220h96l68 240a64 64 0 0 1-128 0z"
      />
      <path fill="#16235f" d="M364 220h98l-6 240a64 64 0 0 1-128 0zM562 220h98l36 240a64 64 0 0 1-128 0z" />
    </svg>
  );
}
