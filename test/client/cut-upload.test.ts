import { once } from "node:events";
import { createServer, type ServerHttp2Stream } from "node:http2";
import { connect as connectSocket, createServer as createProxy, type AddressInfo, type Socket } from "node:net";
import { tableFromArrays, type RecordBatch } from "apache-arrow";
import { expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";

/** Of a frame of HTTP/2. Source: RFC 9113, sections 4.1, 6.1 and 6.4. */
const frameType = { data: 0, rstStream: 3 } as const;
const endStreamFlag = 1;
const prefaceByteLength = 24;
const cancelCode = 8;

test.each(["its source throws", "its signal aborts"])(
  "an upload that is cut because %s is reset, and never ended in good order first",
  async (why) => {
    const server = createServer().on("stream", (stream: ServerHttp2Stream) => {
      stream.on("error", () => {});
      stream.respond({ "content-type": "application/grpc" });
      stream.resume();
    });
    const sent: Buffer[] = [];
    const proxy = createProxy((client) => {
      const upstream = connectSocket((server.address() as AddressInfo).port, "127.0.0.1");
      for (const socket of [client, upstream] satisfies Socket[]) socket.on("error", () => {});
      client.on("data", (chunk: Buffer) => (sent.push(chunk), upstream.write(chunk)));
      upstream.pipe(client);
    });
    await Promise.all([server, proxy].map((each) => once(each.listen(0, "127.0.0.1"), "listening")));
    const client = connect(`grpc://127.0.0.1:${(proxy.address() as AddressInfo).port}`);

    const leaving = new AbortController();
    async function* source(): AsyncGenerator<RecordBatch> {
      yield tableFromArrays({ n: Int32Array.of(1, 2, 3) }).batches[0]!;
      await expect.poll(() => framesOf(sent).some(({ type }) => type === frameType.data)).toBe(true);
      if (why === "its source throws") throw new TypeError("no more");
      leaving.abort();
      await new Promise(() => {});
    }
    const putting = client.put("cut", source(), { signal: leaving.signal });
    await expect(putting).rejects.toThrow(why === "its source throws" ? "no more" : "aborted");
    await expect.poll(() => framesOf(sent).find(({ type }) => type === frameType.rstStream)?.code).toBe(cancelCode);
    const ends = framesOf(sent).filter(({ type, flags }) => type === frameType.data && flags & endStreamFlag);
    expect(ends).toEqual([]);
    client.close();
    proxy.close();
    server.close();
  },
);

function framesOf(chunks: readonly Buffer[]): { type: number; flags: number; code: number }[] {
  const bytes = Buffer.concat(chunks);
  const frames = [];
  for (let at = prefaceByteLength; at + 13 <= bytes.byteLength; at += 9 + bytes.readUIntBE(at, 3)) {
    frames.push({ type: bytes[at + 3]!, flags: bytes[at + 4]!, code: bytes.readUInt32BE(at + 9) });
  }
  return frames;
}
