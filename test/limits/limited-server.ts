import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectClient } from "../../src/client-node/index.ts";
import { FlightError } from "../../src/flight/index.ts";
import { createMemoryProducer, type CallContext, type FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import { preface } from "../support/raw-http2.ts";
import { openTestStore } from "../support/test-store.ts";
import { patienceMs, within } from "../support/wait.ts";

/** A server with limits that a test can reach. */
export interface LimitedServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly client: ReturnType<typeof connectClient>;
  /** The value of a metric; 0 if there is none. */
  metric(name: string): Promise<number>;
}

/**
 * Which producer the server has: one in memory, one in memory whose gets wait for their clients to leave, or a store of
 * Parquet files.
 */
export type Backend = "memory" | "waiting" | "store";

/** Starts a server. */
export async function serveLimited({
  backend = "waiting",
  uploadBytesMax,
  ...options
}: LimitedOptions = {}): Promise<LimitedServer> {
  const poolOptions = uploadBytesMax === undefined ? {} : { uploadBytesMax };
  const opened = backend === "store" ? await openTestStore(poolOptions) : undefined;
  const producer = opened?.store ?? (backend === "waiting" ? createWaiting() : createMemoryProducer());
  const server = createFlightServer({ producer, ...(opened && { files: opened.store.files }), ...options });
  const { port } = await server.listen({ port: 0 });
  const client = connectClient(`grpc://127.0.0.1:${port}`);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    client,
    async metric(name) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: "close" } })).text();
      const line = text.split("\n").find((each) => each.startsWith(`${name} `));
      return line === undefined ? 0 : Number(line.split(" ")[1]);
    },
    async [Symbol.asyncDispose]() {
      client.close();
      await server.close({ drainTimeoutMs: 0 });
      await opened?.[Symbol.asyncDispose]();
    },
  };
}

/** Options of `serveLimited`. */
export interface LimitedOptions extends Partial<FlightServerOptions> {
  readonly backend?: Backend;
  /** The memory for uploads of a store, in bytes. */
  readonly uploadBytesMax?: number;
}

/** A producer in memory whose gets end when their clients leave, and whose puts store 1,000 bytes for each batch. */
function createWaiting(): FlightProducer {
  const memory = createMemoryProducer();
  return Object.assign(createMemoryProducer(), {
    // eslint-disable-next-line require-yield
    async *doGet({ signal }: CallContext): AsyncGenerator<never> {
      await once(signal, "abort");
      throw new FlightError("cancelled", "left");
    },
    doPut(context, frames) {
      context.claimUploadBytes?.(1_000);
      return memory.doPut!(context, frames);
    },
  } satisfies Partial<FlightProducer>);
}

/** Returns how a call failed, as `code: message`. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  return await within("the call", call).then(
    () => "ok",
    (reason: unknown) => (reason instanceof FlightError ? `${reason.code}: ${reason.message}` : String(reason)),
  );
}

/** Opens a connection. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  await once(socket, "connect");
  return socket;
}

/** Resolves with `closed` when the server has closed a connection. */
export async function closeOf(socket: Socket): Promise<string> {
  // Also by a reset, which is an error before.
  const closed = new Promise((resolve) => socket.once("close", resolve));
  if (!socket.closed) await within("the end of the connection", closed);
  return "closed";
}

const frameTypes = new Map([
  [3, "RST_STREAM"],
  [7, "GOAWAY"],
]);

/**
 * Sends HTTP/2 frames; returns the first reset or GOAWAY that comes back, such as `GOAWAY 11`.
 *
 * @param awaited - the type of frame to wait for; both by default
 */
export async function sendFrames(port: number, frames: readonly Buffer[], awaited = ""): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(Buffer.concat([preface, ...frames]));
  socket.setTimeout(patienceMs, () => socket.destroy());
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    for (let at = 0; at + 9 <= bytes.length;) {
      const end = at + 9 + bytes.readUIntBE(at, 3);
      const type = frameTypes.get(bytes[at + 3]!);
      if (type?.startsWith(awaited) && end <= bytes.length) {
        socket.destroy();
        return `${type} ${bytes.readUInt32BE(at + (type === "GOAWAY" ? 13 : 9))}`;
      }
      at = end;
    }
  }
  return "closed";
}
