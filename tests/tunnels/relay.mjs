// Plays cloudflared, tailscale and the world behind them: says what they say, and relays what comes over TLS to the stall.
// Usage: relay.mjs TOOL ARGUMENTS…, in the environment of a test's `Outside`, whose folder RELAY_FOLDER names.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";

const folder = process.env.RELAY_FOLDER;
const [tool, ...args] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
const token = process.env.TUNNEL_TOKEN ?? null;
appendFileSync(join(folder, "calls"), `${JSON.stringify({ tool, args, token, pid: process.pid })}\n`);

const BUYER = "198.51.100.7";

/** Listens as `host`, which the test's proxy finds by a file of that name. */
function relay(host, target, header) {
  const { hostname, port } = new URL(target);
  const tls = { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "cert.pem")) };
  const server = createServer(tls, (asked, answer) => {
    const headers = { ...asked.headers, [header]: BUYER };
    const onward = request({ hostname, port, method: asked.method, path: asked.url, headers }, (answered) => {
      answer.writeHead(answered.statusCode, answered.headers);
      answered.pipe(answer);
    });
    onward.on("error", () => answer.writeHead(502).end());
    asked.pipe(onward);
  });
  return new Promise((listening) => {
    server.listen(0, "127.0.0.1", () => {
      writeFileSync(join(folder, "hosts", host), String(server.address().port));
      listening();
    });
  });
}

function log(level, text) {
  process.stderr.write(`2026-11-21T09:56:33Z ${level} ${text}\n`);
}

async function cloudflared() {
  const at = args.indexOf("--url");
  if (plan.complaint) {
    log("ERR", plan.complaint);
    process.exit(1);
  }
  if (at >= 0) {
    const host = `plain-honest-words-${process.pid}.trycloudflare.com`;
    log("INF", "Requesting new quick Tunnel on trycloudflare.com...");
    await relay(host, args[at + 1], "cf-connecting-ip");
    log("INF", "|  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |");
    log("INF", `|  https://${host}                                            |`);
  } else {
    await relay(plan.host, plan.target, "cf-connecting-ip");
  }
  for (const connection of [0, 1, 2, 3]) {
    log("INF", `Registered tunnel connection connIndex=${connection} connection=x event=0 ip=198.51.100.1 protocol=quic`);
  }
}

async function tailscale() {
  const host = "desk.tail1234.ts.net";
  if (plan.permission) {
    process.stdout.write("Funnel is not enabled on your tailnet.\nTo enable, visit:\n\n");
    process.stdout.write(`         ${plan.permission}\n`);
    await new Promise((allowed) => setTimeout(allowed, plan.allowedAfter));
  }
  await relay(host, args.at(-1), "x-forwarded-for");
  process.stdout.write(`Available on the internet:\n\nhttps://${host}/\n|-- proxy ${args.at(-1)}\n\nPress Ctrl+C to exit.\n`);
}

switch (tool) {
  case "cloudflared":
    await cloudflared();
    break;
  case "tailscale":
    await tailscale();
    break;
  default:
    await relay(args[0], args[1], "x-forwarded-for");
    process.stdout.write("ready\n");
}
