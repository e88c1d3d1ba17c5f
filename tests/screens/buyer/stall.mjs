// A stall that speaks the contract of `ui/buyer/src/contract.ts`, with a memory of every payment it took.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import {
  authorizationTypes,
  createSiweMessage,
  decodePaymentSignatureHeader,
  encodePaymentRequiredHeader,
  PAGE,
  recoverMessageAddress,
  recoverTypedDataAddress,
} from "./packages.mjs";
import { fill } from "./template.mjs";

export const PAY_TO = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
const USDC = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913";
const POLYGON_USDC = "0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359";
const GRANT_PROFILE = "application/json; profile=stallkeeper-grant";

const NETWORKS = {
  "eip155:8453": {
    name: "Base",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: ["https://mainnet.base.example"],
    explorerUrl: "https://basescan.example",
    tokens: { [USDC.toLowerCase()]: { symbol: "USDC", decimals: 6, isDollar: true } },
  },
  "eip155:137": {
    name: "Polygon",
    nativeCurrency: { name: "POL", symbol: "POL", decimals: 18 },
    rpcUrls: ["https://polygon.example"],
    explorerUrl: null,
    tokens: { [POLYGON_USDC.toLowerCase()]: { symbol: "USDC", decimals: 6, isDollar: true } },
  },
};

export const COVER =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 320'%3E%3Crect width='640' height='320' fill='%23dfe6f2'/%3E%3Cpath d='M0 250c80-70 150-20 220-60s130-90 210-40 130 10 210-40v210H0z' fill='%235b7db1'/%3E%3Cpath d='M0 290c120-60 200 0 320-30s200-60 320-20v80H0z' fill='%23213a63'/%3E%3Ccircle cx='500' cy='80' r='34' fill='%23f2b84b'/%3E%3C/svg%3E";

const SOLD = Buffer.from("%PDF-1.7 the whole field guide");

/** What the stall sells unless a test says otherwise. */
const GUIDE = {
  kind: "file",
  title: "Field guide to coastal birds",
  description:
    "124 pages with 80 drawings, made on the coast over three summers.\n\nPDF without copy protection; print it, mark it, take it outside.",
  fileName: "Küstenvögel.pdf",
  sizeBytes: 4_200_000,
  environment: "live",
  method: "GET",
  price: "50000",
  seller: { name: "Mara Lindqvist", contact: "mara@birds.example", colour: "#0f766e" },
  cover: COVER,
  networks: ["eip155:8453"],
  signsIn: true,
  closed: null,
  preview: "",
};

export class Stall {
  /** What it sells; tests change it. */
  thing = { ...GUIDE };
  /** Authorizations that were taken: each would move money. */
  charges = [];
  /** Payment headers as they came, taken or not. */
  payments = [];
  owners = new Set();
  grants = new Map();
  blocked = new Set();
  state = "queued";
  #next = [];
  #nonces = new Set();
  #asked = new Map();

  static async open() {
    const stall = new Stall();
    stall.files = {
      "/.stallkeeper/buyer.js": [await readFile(new URL("dist/buyer.js", PAGE)), "text/javascript"],
      "/.stallkeeper/buyer.css": [await readFile(new URL("dist/buyer.css", PAGE)), "text/css"],
    };
    stall.server = createServer((request, response) => {
      stall.#serve(request, response).catch((error) => {
        response.writeHead(500).end(String(error));
      });
    });
    await new Promise((done) => stall.server.listen(0, "127.0.0.1", done));
    stall.origin = `http://127.0.0.1:${stall.server.address().port}`;
    stall.url = `${stall.origin}/guide`;
    return stall;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  /** What becomes of the next request that carries a payment: a function of (response, take), where `take` takes it. */
  next(...answers) {
    this.#next.push(...answers);
  }

  get terms() {
    const { networks, price, signsIn, title } = this.thing;
    const accepts = networks.map((network) => ({
      scheme: "exact",
      network,
      amount: price,
      asset: network === "eip155:137" ? POLYGON_USDC : USDC,
      payTo: PAY_TO,
      maxTimeoutSeconds: 86_400,
      extra: { name: "USD Coin", version: "2" },
    }));
    const extensions = {
      "payment-identifier": { info: { required: false }, schema: {} },
      ...(signsIn ? { "sign-in-with-x": this.#signIn() } : {}),
    };
    return {
      x402Version: 2,
      error: "Payment required",
      resource: { url: this.url, description: title, mimeType: "application/pdf" },
      accepts,
      extensions,
    };
  }

  #signIn() {
    const info = {
      domain: new URL(this.origin).host,
      uri: this.url,
      version: "1",
      nonce: randomBytes(16).toString("hex"),
      issuedAt: new Date().toISOString(),
      statement: "Show that this wallet has paid.",
    };
    this.#asked.set(info.nonce, info);
    return { info, supportedChains: [{ chainId: "eip155:8453", type: "eip191" }], schema: {} };
  }

  async #serve(request, response) {
    const url = new URL(request.url, this.origin);
    const [body, type] = this.files[url.pathname] ?? [];
    if (body !== undefined) {
      response.writeHead(200, { "content-type": type, "cache-control": "no-cache" }).end(body);
    } else if (url.pathname.startsWith("/d/")) {
      this.#deliver(request, response, url.pathname);
    } else if (url.pathname.startsWith("/s/")) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ state: this.state }));
    } else if (url.pathname.startsWith("/r/")) {
      const policy = "default-src 'none'; img-src data:";
      response
        .writeHead(200, { "content-type": "text/html", "content-security-policy": policy })
        .end("<!doctype html><html lang=en><title>Receipt</title><link rel=icon href=data:,><main><h1>Receipt</h1></main>");
    } else if (url.pathname === "/guide") {
      await this.#sell(request, response);
    } else {
      response.writeHead(404).end();
    }
  }

  async #sell(request, response) {
    const { accept = "", "payment-signature": payment, "sign-in-with-x": signIn, "user-agent": agent = "" } =
      request.headers;
    if (payment !== undefined) {
      this.payments.push(payment);
      const answer = this.#next.shift() ?? ((_, take) => take());
      await answer(response, () => this.#take(request, response, payment));
    } else if (signIn !== undefined) {
      await this.#recognise(response, signIn);
    } else if (accept.includes("text/html") && agent.includes("Mozilla")) {
      this.#page(response);
    } else if (this.thing.closed === null) {
      this.refuse(response, "Payment required");
    } else {
      this.away(response, "not_for_sale_now", this.thing.closed, 60);
    }
  }

  #page(response) {
    const { cover, description, environment, fileName, kind, method, networks, preview, price, seller, sizeBytes, title } =
      this.thing;
    const nonce = randomBytes(16).toString("base64");
    const isClosed = this.thing.closed !== null;
    const dollars = `$${(Number(price) / 1e6).toFixed(2)}`;
    const offer = {
      paymentRequired: isClosed ? null : this.terms,
      page: {
        title,
        description,
        kind,
        fileName,
        sizeBytes,
        seller,
        cover,
        environment,
        method,
        url: this.url,
        receiptBase: "/r/",
        grantBase: "/d/",
        networks: environment === "practice" ? practice(NETWORKS) : NETWORKS,
        closed: isClosed ? { sentence: this.thing.closed, retryAfterSeconds: 60 } : null,
      },
    };
    const values = {
      nonce,
      script: "/.stallkeeper/buyer.js",
      style: "/.stallkeeper/buyer.css",
      url: this.url,
      title,
      summary: description.split("\n")[0],
      description,
      sellerName: seller.name,
      computer: `${seller.name}’s own computer`,
      sellerInitial: [...seller.name][0],
      sellerPicture: "",
      sellerContact: seller.contact ?? "",
      sellerContactLink: /^[^\s"<>]+@[^\s"<>]+$/.test(seller.contact ?? "") ? `mailto:${seller.contact}` : "",
      colour: seller.colour ?? "",
      cover: cover ?? "",
      coverUrl: "",
      coverAlt: cover === null ? "" : "Drawing of a coast with a low sun",
      previewUrl: "",
      previewUrl: this.thing.previewUrl ?? "",
      quota: this.thing.quota ?? "",
      preview,
      kind: { file: "PDF file", folder: "Folder, 3 files", text: "Text", service: "Service" }[kind],
      fileName: fileName ?? "",
      size: sizeBytes === null ? "" : "4.2 MB",
      updated: "14 November 2026",
      digest: kind === "file" ? "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" : "",
      price: isClosed ? "" : dollars,
      paidWith: isClosed ? "" : `${dollars.slice(1)} USDC on ${networks.map((id) => NETWORKS[id].name).join(" or ")}`,
      again: kind === "service" ? "" : "Download again for 30 days",
      quota: "",
      noFee: "yes",
      environment: {
        practice: "Practice: a private chain on the seller's computer, no real money.",
        test: "Test network: no real money.",
        live: "",
      }[environment],
      closed: this.thing.closed ?? "",
      method,
      ...this.thing.page,
    };
    const filled = fill(values, offer);
    response
      .writeHead(isClosed ? 503 : 402, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "content-security-policy": [
          "default-src 'none'",
          `script-src 'self' 'nonce-${nonce}'`,
          `style-src 'self' 'nonce-${nonce}'`,
          "img-src 'self' data:",
          "connect-src 'self'",
          "form-action 'none'",
          "frame-ancestors 'none'",
          "base-uri 'none'",
        ].join("; "),
        ...(isClosed ? { "retry-after": "60" } : { "payment-required": encodePaymentRequiredHeader(this.terms) }),
      })
      .end(filled);
  }

  /** 402 with today's terms. */
  refuse(response, error, errorMessage, more = {}) {
    const terms = { ...this.terms, error, ...(errorMessage === undefined ? {} : { errorMessage }) };
    response
      .writeHead(402, { "content-type": "application/json", "payment-required": encodePaymentRequiredHeader(terms) })
      .end(JSON.stringify({ x402Version: 1, error, errorMessage, accepts: [], ...more }));
  }

  /** 402 for a settlement that failed: no terms, so that nobody pays again by itself. */
  failed(response, errorReason, errorMessage) {
    const settled = { success: false, errorReason, errorMessage, transaction: "", network: "eip155:8453" };
    const header = Buffer.from(JSON.stringify(settled)).toString("base64");
    response.writeHead(402, { "content-type": "application/json", "payment-response": header }).end("{}");
  }

  away(response, error, message, seconds) {
    response
      .writeHead(503, { "content-type": "application/json", "retry-after": String(seconds) })
      .end(JSON.stringify({ error, message }));
  }

  async #take(request, response, header) {
    const { accepted, payload, x402Version } = decodePaymentSignatureHeader(header);
    const { authorization, signature } = payload;
    const offer = this.terms.accepts.find(({ network }) => network === accepted.network);
    const payer = await recoverTypedDataAddress({
      domain: { ...offer.extra, chainId: Number(offer.network.split(":")[1]), verifyingContract: offer.asset },
      types: authorizationTypes,
      primaryType: "TransferWithAuthorization",
      message: authorization,
      signature,
    });
    const window = Number(authorization.validBefore) - Date.now() / 1000;
    if (x402Version !== 2 || payer !== authorization.from || authorization.to !== PAY_TO || window > 86_400) {
      this.refuse(response, "invalid_exact_evm_payload_signature", "The signature is not the paying wallet's.");
    } else if (this.blocked.has(payer)) {
      this.refuse(response, "payer_blocked", "The seller takes no payments of this wallet.");
    } else if (authorization.value !== offer.amount) {
      const code = "invalid_exact_evm_payload_authorization_value_mismatch";
      this.refuse(response, code, "The authorization is not for exactly the price.");
    } else {
      // Who owns it is not charged again, whatever is signed.
      if (!this.#nonces.has(authorization.nonce) && !this.owners.has(payer)) {
        this.#nonces.add(authorization.nonce);
        this.owners.add(payer);
        this.charges.push({ payer, value: authorization.value, nonce: authorization.nonce });
      }
      this.#grant(request, response);
    }
  }

  async #recognise(response, header) {
    const { address, chainId, signature, type: _, ...fields } = JSON.parse(Buffer.from(header, "base64").toString());
    const issued = this.#asked.get(fields.nonce);
    const message = createSiweMessage({
      ...issued,
      address,
      chainId: Number(chainId.split(":")[1]),
      issuedAt: new Date(issued.issuedAt),
    });
    const payer = await recoverMessageAddress({ message, signature });
    this.#asked.delete(fields.nonce);
    if (payer === address && this.owners.has(payer)) {
      this.#grant(null, response);
    } else {
      this.refuse(response, "invalid_siwx_signature", "This wallet has not paid for this.");
    }
  }

  #grant(request, response) {
    const { fileName, kind, sizeBytes } = this.thing;
    const isAsked = request === null || request.headers.accept === GRANT_PROFILE;
    if (kind === "service" || !isAsked) {
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ forecast: "rain", degrees: 11 }));
      return;
    }
    const link = () => {
      const grant = `/d/${randomBytes(12).toString("base64url")}`;
      this.grants.set(grant, kind === "text" ? Buffer.from("First verse,\nwhich was worth it.") : SOLD);
      return grant;
    };
    const files =
      kind === "folder" ? ["drums.wav", "bass.wav", "voice.wav"].map((name) => ({ name, sizeBytes: 31_000_000, grant: link() })) : undefined;
    const answer = { grant: link(), receipt: "/r/7Q2M", status: "/s/7Q2M", fileName, sizeBytes, files };
    response
      .writeHead(200, { "content-type": "application/json", "cache-control": "no-store, private" })
      .end(JSON.stringify(answer));
  }

  #deliver(request, response, path) {
    const bytes = this.grants.get(path);
    if (bytes === undefined) {
      response.writeHead(410).end();
      return;
    }
    const name = encodeURIComponent(this.thing.fileName ?? "file");
    response
      .writeHead(200, {
        "content-type": "application/octet-stream",
        "content-length": bytes.length,
        "content-disposition": `attachment; filename*=UTF-8''${name}`,
        "x-content-type-options": "nosniff",
      })
      .end(request.method === "HEAD" ? undefined : bytes);
  }
}

/** In practice a wallet cannot be told about the network: nobody else has it. */
function practice(networks) {
  return Object.fromEntries(
    Object.entries(networks).map(([id, facts]) => [id, { ...facts, rpcUrls: [], explorerUrl: null }]),
  );
}
