// Serves the built window to Chromium, under the content policy the real window has.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const folder = path.join(repository, "ui", "dist-fake");

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** Serves `ui/dist-fake` for as long as the tests run; Playwright calls what it answers at their end. */
export default async function serveWindow() {
  const policy = JSON.parse(await readFile(path.join(repository, "src-tauri", "tauri.conf.json"), "utf8")).app
    .security.csp;
  const page = await readFile(path.join(folder, "index.html")).catch(() => {
    throw new Error("ui/dist-fake is not there: run `npm run build:fake` in ui first");
  });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://window");
    const ending = path.extname(pathname);
    // What is in the folder of assets bears its digest in its name: a browser that keeps it keeps it compiled.
    const kept = pathname.startsWith("/assets/") ? "max-age=3600, immutable" : "no-store";
    const answer = (status, type, body) => {
      const headers = { "content-type": type, "content-security-policy": policy, "cache-control": kept };
      response.writeHead(status, headers).end(body);
    };
    if (pathname === "/favicon.ico") {
      // A browser asks for it by itself; the window has none.
      response.writeHead(204).end();
    } else if (ending === "") {
      answer(200, TYPES[".html"], page);
    } else {
      // What `..` there was is gone: a URL's path is already normal.
      const file = await readFile(path.join(folder, decodeURIComponent(pathname))).catch(() => null);
      answer(file === null ? 404 : 200, TYPES[ending] ?? "application/octet-stream", file ?? "");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  process.env.SCREENS_URL = `http://127.0.0.1:${server.address().port}`;
  return () => new Promise((done) => server.close(done).closeAllConnections());
}
