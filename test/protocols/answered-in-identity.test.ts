import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";

const unary = "grpc.health.v1.Health/Check";
const stream = "grpc.health.v1.Health/Watch";

function envelope(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32BE(bytes.byteLength, 1);
  return Uint8Array.from(Buffer.concat([head, bytes]));
}

test.each([
  [unary, "application/grpc", "grpc-encoding", "grpc-accept-encoding"],
  [unary, "application/grpc-web", "grpc-encoding", "grpc-accept-encoding"],
  [stream, "application/connect+proto", "connect-content-encoding", "connect-accept-encoding"],
  [unary, "application/proto", "content-encoding", "accept-encoding"],
])(
  "a compressed request of %s by %s is answered in what the client says it reads",
  async (path, type, encoding, accept) => {
    const producer = createMemoryProducer();
    const server = createFlightServer({ producer, catalog: producer });
    const { port } = await server.listen({ port: 0 });
    try {
      const empty = gzipSync(new Uint8Array(0));
      const body = type === "application/proto" ? Uint8Array.from(empty) : envelope(empty);
      const call = async (accepted: string) => {
        const headers = { "content-type": type, [encoding]: "gzip", [accept]: accepted };
        const leaving = new AbortController();
        const answer = await fetch(`http://127.0.0.1:${port}/${path}`, {
          method: "POST",
          headers,
          body,
          signal: leaving.signal,
        });
        const { value } = await answer.body!.getReader().read();
        leaving.abort();
        return [answer.status, answer.headers.get(encoding), value?.[0]];
      };
      const [status, named, flags] = await call("");
      expect([status, named]).toEqual([200, null]);
      // An envelope that is not compressed; of one message alone, its first field.
      expect(flags).toBe(type === "application/proto" ? 8 : 0);
    } finally {
      await server.close({ drainTimeoutMs: 0 });
    }
  },
);
