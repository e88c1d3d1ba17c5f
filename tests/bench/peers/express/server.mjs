// A seller of 1 KiB built on `@x402/express`, as its documentation shows it. It checks no signature and stores nothing itself: the
// facilitator named as the only argument does that. Prints {"ready":true,"url"} and ends when its standard input closes.
import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/express";
import express from "express";

const [facilitator] = process.argv.slice(2);
if (!facilitator) {
  process.stderr.write("usage: node server.mjs FACILITATOR_URL\n");
  process.exit(2);
}

const seller = new x402ResourceServer(new HTTPFacilitatorClient({ url: facilitator })).register(
  "eip155:84532",
  new ExactEvmScheme(),
);
const goods = Buffer.alloc(1024, "x");

const app = express();
app.use(
  paymentMiddleware(
    {
      "GET /paid": {
        accepts: {
          scheme: "exact",
          price: "$0.01",
          network: "eip155:84532",
          payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
        },
        mimeType: "application/octet-stream",
      },
    },
    seller,
  ),
);
app.get("/paid", (_request, response) => {
  response.type("application/octet-stream").send(goods);
});

const server = app.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ ready: true, url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
