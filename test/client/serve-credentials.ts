/**
 * Serves a folder of datasets to whoever has the token of the day: `serve-credentials.ts FOLDER`. Calls with the header
 * `x-control` need none; the action `rotate` makes the token another one, `refused` tells which calls were refused since it
 * was asked last, and `frames` how many frames of puts have come. Ann's password is `open sesame`.
 */
import { FlightError, type FlightFrame } from "../../src/flight/index.ts";
import { ParquetPool } from "../../src/parquet/index.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer, type Authenticate } from "../../src/server/index.ts";
import { openFolderStore } from "../support/folder-store.ts";

const [folder = ""] = process.argv.slice(2);
const pool = new ParquetPool({ workerCount: 1 });
const store = await openFolderStore({ folder, pool });
const basic = `Basic ${btoa("ann:open sesame")}`;
let day = 1;
let refused: string[] = [];
let frameCount = 0;

const bearer = (): string => `Bearer day-${day}`;

const authenticate: Authenticate = ({ header, method }) => {
  const authorization = header.get("authorization");
  const isHandshake = /\/(Handshake|Open|Send)$/.test(method) && authorization === basic;
  if (header.has("x-control") || isHandshake || authorization === bearer()) return { subject: "ann" };
  refused.push(method.replace(/^.*\//, ""));
  throw new FlightError("unauthenticated", "who is it?");
};

async function* counted(frames: AsyncIterable<FlightFrame>): AsyncGenerator<FlightFrame> {
  for await (const frame of frames) {
    frameCount += 1;
    yield frame;
  }
}

const producer: FlightProducer = {
  listFlights: (...call) => store.listFlights!(...call),
  getFlightInfo: async (...call) => await store.getFlightInfo!(...call),
  doGet: (...call) => store.doGet!(...call),
  doPut: (context, frames) => store.doPut!(context, counted(frames)),
  // oxlint-disable-next-line require-yield
  async *handshake(context) {
    context.responseHeader.set("authorization", bearer());
  },
  async *doAction(context, action) {
    if (action.type === "rotate") day += 1;
    else if (action.type === "refused") {
      yield { body: Buffer.from(JSON.stringify(refused)) };
      refused = [];
    } else if (action.type === "day") yield { body: Buffer.from(String(day)) };
    else if (action.type === "frames") yield { body: Buffer.from(String(frameCount)) };
    else yield* store.doAction!(context, action);
  },
  listActions: (...call) => store.listActions!(...call),
  doExchange: (_context, frames) => frames,
};

const server = createFlightServer({ producer, catalog: store, files: store.files, authenticate, corsOrigins: ["*"] });
const { port } = await server.listen({ port: 0 });
process.stdout.write(`grpc://127.0.0.1:${port}\n`);
