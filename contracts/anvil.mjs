// Starts the real node for the build and the tests, and ends it again.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const systems = { linux: "linux", darwin: "darwin", win32: "win32" };
const machines = { x64: "amd64", arm64: "arm64" };

/** The node's binary for this platform, as npm installed it. */
export function anvilBinary() {
  const name = `anvil-${systems[process.platform]}-${machines[process.arch]}`;
  const file = process.platform === "win32" ? "anvil.exe" : "anvil";
  return join(here, "node_modules", "@foundry-rs", name, "bin", file);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** One JSON-RPC call; rejects with the node's message. */
export async function rpc(url, method, params = []) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** A node that answers. `stop` resolves when its process is gone; it also goes when this process does. */
export async function startAnvil(...args) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(anvilBinary(), ["--port", String(port), "--silent", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const gone = new Promise((resolve) => child.once("close", resolve));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.removeListener("exit", kill);
    kill();
    await gone;
  };
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await rpc(url, "eth_chainId");
      return { url, stop };
    } catch (error) {
      if (child.exitCode !== null) throw new Error(`anvil ended with ${child.exitCode}`);
      if (Date.now() > deadline) {
        await stop();
        throw new Error("anvil did not answer within 30 s", { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
