import { connect, createServer, type ClientHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { sendHttp2Request } from "../../../src/client-node/http2-request.ts";

const [chunkCount, chunkBytes] = [128, 16 * 1024];

async function* body(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < chunkCount; i++) yield new Uint8Array(chunkBytes);
}

test("chunks that wait for the socket are written together", async () => {
  let receivedBytes = 0;
  const server = createServer().on("stream", (stream) => {
    stream.on("data", (chunk: Buffer) => (receivedBytes += chunk.byteLength));
    stream.on("end", () => stream.respond({ ":status": 200 }, { endStream: true }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session = connect(url);
  const writes = vi.fn();
  const request = async (method: string, path: string, headers: object): Promise<ClientHttp2Stream> => {
    const stream = session.request({ ...headers, ":method": method, ":path": path }, { endStream: false });
    for (const name of ["_write", "_writev"] as const) {
      const write = stream[name]?.bind(stream) as (...args: unknown[]) => void;
      Object.assign(stream, { [name]: (...args: unknown[]) => [writes(), write(...args)] });
    }
    return stream;
  };
  const sessions = { authority: url, request, notifyResponseByteRead: () => {} };
  const header = new Headers();
  const response = await sendHttp2Request({ url: `${url}/a`, method: "POST", header, body: body() }, sessions);
  expect([response.status, receivedBytes]).toEqual([200, chunkCount * chunkBytes]);
  // Each 256 KiB is one write, after one of a single chunk.
  expect(writes.mock.calls.length).toBeLessThanOrEqual(chunkCount / 4);
  session.destroy();
  server.close();
});
