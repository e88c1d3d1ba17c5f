/** Links that came from outside: only those that lead where they should are followed. */

/** `link` as an absolute URL if it lies below `base` on this origin. */
export function linkBelow(link: string | null, base: string, origin: string): string | null {
  if (link === null || !URL.canParse(link, origin)) {
    return null;
  }
  const url = new URL(link, origin);
  const below = new URL(base, origin);
  const isBelow = url.origin === origin && below.origin === origin && url.pathname.startsWith(below.pathname);
  return isBelow && url.pathname.length > below.pathname.length ? url.href : null;
}

interface WalletLink {
  name: string;
  href: string;
}

/** Links that open a page inside the browser of a wallet's app. */
export function walletLinks(page: string): WalletLink[] {
  const { host, pathname, search } = new URL(page);
  const encoded = encodeURIComponent(page);
  return [
    { name: "MetaMask", href: `https://metamask.app.link/dapp/${host}${pathname}${search}` },
    { name: "Coinbase Wallet", href: `https://go.cb-w.com/dapp?cb_url=${encoded}` },
    { name: "Rainbow", href: `rainbow://dapp?url=${encoded}` },
    { name: "Trust Wallet", href: `https://link.trustwallet.com/open_url?coin_id=60&url=${encoded}` },
  ];
}
