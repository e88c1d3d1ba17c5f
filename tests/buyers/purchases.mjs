// What every buyer on Node shares: the arguments it takes and the line it prints per purchase.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";

const USAGE = "usage: node buy.mjs --url URL [--url URL …] --key 0xPRIVATEKEY [--times N] [--max-usdc 0.10] [--account 0xADDRESS] [--data JSON]";

/** Ends the program with exit code 2: the caller asked for something that makes no sense. */
function refuse(reason) {
  process.stderr.write(`${reason}\n${USAGE}\n`);
  process.exit(2);
}

/** Decimal USDC ("0.10") as atomic units, without a float in between. */
function atomicUsdc(text) {
  const match = /^(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) refuse(`--max-usdc is not an amount with at most six decimals: ${text}`);
  return BigInt(match[1] + (match[2] ?? "").padEnd(6, "0"));
}

/**
 * `{urls, key, times, maxUsdc, account, data}`; `data` is posted where it is given; `maxUsdc` is `{text, atomic}` or undefined: then the client's own limit counts.
 * `account` is the smart account that pays and that the key signs for, or undefined.
 */
export function purchaseArguments() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        url: { type: "string", multiple: true, default: [] },
        key: { type: "string" },
        times: { type: "string", default: "1" },
        "max-usdc": { type: "string" },
        account: { type: "string" },
        data: { type: "string" },
      },
    }));
  } catch (error) {
    refuse(error.message);
  }
  if (values.url.length === 0 || !values.url.every((url) => URL.canParse(url))) refuse("--url is missing or not a URL");
  if (!/^0x[0-9a-fA-F]{64}$/.test(values.key ?? "")) refuse("--key is missing or not 32 bytes of hex");
  if (!/^[1-9]\d{0,5}$/.test(values.times)) refuse("--times is not a positive number");
  if (!/^(0x[0-9a-fA-F]{40})?$/.test(values.account ?? "")) refuse("--account is not 20 bytes of hex");
  const text = values["max-usdc"];
  return {
    urls: values.url,
    key: values.key,
    times: Number(values.times),
    maxUsdc: text === undefined ? undefined : { text, atomic: atomicUsdc(text) },
    account: values.account,
    data: values.data,
  };
}

/** "name@version" of the installed package, as its own package.json says. */
export function installedClient(name, from) {
  let entry = createRequire(from).resolve(name);
  entry = entry.slice(0, entry.lastIndexOf(`/node_modules/${name}/`));
  const { version } = createRequire(from)(`${entry}/node_modules/${name}/package.json`);
  return `${name}@${version}`;
}

/** The reason a purchase that ended without 200 gives: in its result header, else in its body. */
function refusalReason(status, paymentResponse, body) {
  const fromHeader = paymentResponse?.errorMessage ?? paymentResponse?.errorReason;
  if (fromHeader) return fromHeader;
  try {
    const { error } = JSON.parse(body.toString("utf8"));
    if (typeof error === "string") return error;
  } catch {
    // Not every answer is JSON; the status then says it all.
  }
  return `HTTP ${status}`;
}

/**
 * Buys everything `times` times, one after another, and prints one JSON line for each.
 *
 * `wrap(fetch)` gives the client's paying fetch; `decode(header)` its reading of the result header, which is
 * looked for under `resultHeaders` in that order. Ends the process with 0 when every purchase ended with 200, else with 1.
 */
export async function makePurchases({ client, payer, urls, data, times, wrap, decode, resultHeaders }) {
  const posted = { method: "POST", body: data, headers: { "content-type": "application/json" } };
  let complete = true;
  for (const url of urls.flatMap((url) => Array(times).fill(url))) {
    const line = {
      client,
      status: null,
      payer,
      paymentResponse: null,
      rawPaymentResponseHeader: null,
      sha256: null,
      bytes: 0,
      contentType: null,
      error: null,
    };
    // A client that gives up throws; the last status it saw is still worth knowing.
    const watched = async (...request) => {
      const response = await fetch(...request);
      line.status = response.status;
      return response;
    };
    try {
      const response = await wrap(watched)(url, data === undefined ? undefined : posted);
      const body = Buffer.from(await response.arrayBuffer());
      line.status = response.status;
      line.sha256 = createHash("sha256").update(body).digest("hex");
      line.bytes = body.length;
      line.contentType = response.headers.get("content-type");
      line.rawPaymentResponseHeader =
        resultHeaders.map((name) => response.headers.get(name)).find((value) => value !== null) ?? null;
      if (line.rawPaymentResponseHeader !== null) line.paymentResponse = decode(line.rawPaymentResponseHeader);
      if (line.status !== 200) line.error = refusalReason(line.status, line.paymentResponse, body);
    } catch (error) {
      line.error = error.cause?.message ? `${error.message}: ${error.cause.message}` : error.message;
    }
    if (line.status !== 200 || line.error !== null) complete = false;
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  process.exitCode = complete ? 0 : 1;
}
