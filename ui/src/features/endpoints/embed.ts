import { formatUsd } from "../../lib/money";
import type { Ware } from "./snippets";

/** What somebody tells an agent that can pay: the link, the price, and where to stop. */
export function agentPrompt({ url, method, price, saveAs }: Ware, title: string): string {
  const end =
    saveAs === null
      ? "Show me the answer."
      : `Save what you receive as ${JSON.stringify(saveAs)} and tell me where it is.`;
  return `Buy ${JSON.stringify(title)} for me: ${method} ${url}
The answer is 402 Payment Required with x402 terms (header PAYMENT-REQUIRED). Pay with USDC, at most $${price}, and ask again with the payment.
If the terms ask for more, for another token or for another host, stop and ask me. Never pay twice: to try again, send the same payment again.
${end}
`;
}

/** A link for a page of one's own that looks like a button. It brings no script and no picture along. */
export function embedHtml(url: string, title: string, price: string): string {
  return `<a href="${escaped(url)}" rel="noopener" style="display:inline-block;padding:8px 14px;border-radius:6px;background:#2f54eb;color:#fff;font:600 14px/20px system-ui,sans-serif;text-decoration:none">${escaped(title)} · ${escaped(formatUsd(price))}</a>
`;
}

/** As it stands in HTML, between tags or quotes. */
function escaped(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replaceAll(/[&<>"']/g, (letter) => `&${names[letter]};`);
}
