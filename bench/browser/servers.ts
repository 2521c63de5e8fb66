import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { decodeIpcStream, encodeSchemaMessage } from "../../src/arrow/index.ts";
import { type FlightFrame } from "../../src/flight/index.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";

/*
 * What the page is compared against: a plain HTTP server with a file, and our server with a producer that keeps the
 * frames of that file in memory and throws away what is put. Prints both ports, and later what the page has measured.
 */

const [file = ""] = process.argv.slice(2);
const root = join(import.meta.dirname, "../..");

let frames: readonly FlightFrame[] = [];

const producer: FlightProducer = {
  async getFlightInfo(_context, flightDescriptor) {
    const schema = encodeSchemaMessage(frames[0]?.header ?? new Uint8Array());
    return { schema, flightDescriptor, endpoint: [{ ticket: { ticket: Buffer.from("bench") } }] };
  },
  async *doGet() {
    yield* frames;
  },
  async *doPut(_context, received) {
    for await (const _ of received);
    yield {};
  },
};

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  switch (`${req.method} ${req.url?.split("?", 1)[0]}`) {
    case "GET /":
      return sendFile(res, join(import.meta.dirname, "page.html"), "text/html");
    case "GET /browser.min.js":
      return sendFile(res, join(root, "dist/browser.min.js"), "text/javascript");
    case "GET /file":
      res.setHeader("content-type", "application/vnd.apache.arrow.stream");
      return await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), res);
    case "PUT /file":
      await pipeline(req, createWriteStream(file));
      frames = [...decodeIpcStream(readFileSync(file))];
      break;
    case "PUT /nowhere":
    case "POST /nowhere":
      await pipeline(req, nowhere());
      break;
    case "POST /result":
      process.stdout.write(`${(await Array.fromAsync(req)).join("")}\n`);
      break;
    default:
      res.statusCode = 404;
  }
  res.end();
}

function sendFile(res: ServerResponse, path: string, type: string): void {
  res.setHeader("content-type", type);
  res.end(readFileSync(path));
}

const flight = await createFlightServer({ producer, corsOrigins: ["*"] }).listen({ host: "127.0.0.1", port: 0 });
const plain = createServer((req, res) => {
  answer(req, res).catch(() => res.destroy());
}).listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ plain: (plain.address() as AddressInfo).port, flight: flight.port })}\n`);
});
