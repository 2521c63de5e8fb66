import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { put } from "../contract/calls.ts";
import { createTable } from "../contract/tables.ts";

/** Its answer is a message of 10 kB, far above what Connect compresses (1 KiB). */
const unary = "/hangar.v1.DatasetService/ListDatasets";
const stream = "/grpc.health.v1.Health/Watch";

let server: FlightServer;
let port: number;
beforeAll(async () => {
  const producer = createMemoryProducer();
  for (let i = 0; i < 50; i++) await put(producer, [`${i}-${"n".repeat(200)}`], createTable(1));
  server = createFlightServer({ producer, catalog: producer });
  ({ port } = await server.listen({ port: 0 }));
});
afterAll(() => server.close({ drainTimeoutMs: 0 }));

function envelope(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([head, bytes]);
}

describe.each([
  [unary, "application/grpc", "grpc-encoding", "grpc-accept-encoding"],
  [unary, "application/grpc-web", "grpc-encoding", "grpc-accept-encoding"],
  [stream, "application/connect+proto", "connect-content-encoding", "connect-accept-encoding"],
  [unary, "application/proto", "content-encoding", "accept-encoding"],
])("a compressed request of %s by %s is answered", (path, type, encoding, accept) => {
  /** The name of the answer's compression, and its first bytes as they came: Node adds no header of its own. */
  async function call(accepted: Record<string, string>): Promise<{ named: string | undefined; start: Buffer }> {
    const empty = gzipSync(new Uint8Array(0));
    const headers = { "content-type": type, [encoding]: "gzip", ...accepted };
    const req = request({ port, path, method: "POST", headers });
    req.end(type === "application/proto" ? empty : envelope(empty));
    const [response] = (await once(req, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    const [start] = (await once(response, "data")) as [Buffer];
    response.on("error", () => {});
    req.destroy();
    return { named: response.headers[encoding] as string | undefined, start };
  }

  const isWhole = type === "application/proto";

  test.each([
    ["no word", {}],
    ["an empty list", { [accept]: "" }],
    ["identity", { [accept]: "identity" }],
  ])("as it is, where the client says that it reads %s", async (_what, accepted) => {
    const { named, start } = await call(accepted);
    expect(named).toBeUndefined();
    // An envelope that is not compressed; of one message alone, its first field.
    expect(start[0]).toBe(isWhole ? 10 : 0);
  });

  test("compressed, where the client says that it reads gzip", async () => {
    const { named, start } = await call({ [accept]: "gzip" });
    expect(named).toBe("gzip");
    // gzip's own first byte, or the flag of an envelope; a message of two bytes is not worth it.
    expect(start[0]).toBe(isWhole ? 0x1f : path === stream ? 0 : 1);
  });
});
