import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { pipelinedRequestsMax } from "../../../../src/server/http/limits.ts";
import { Pipelines } from "../../../../src/server/http/pipelines.ts";
import { waitUntil } from "../../../support/wait.ts";

/** What a socket gives at a time; the requests have four times as much. */
const chunkBytes = 64 * 1024;
const requestCount = 1_000;
const fields = `host: a\r\nx-padding: ${"a".repeat(200)}\r\n`;
const post = `POST / HTTP/1.1\r\n${fields}content-length: 2\r\n\r\n{}`;
const get = `GET / HTTP/1.1\r\n${fields}\r\n`;

/** A server that answers when it is told to, and counts what it was sent. */
async function startServer() {
  const pipelines = new Pipelines(() => {});
  const atWork: ServerResponse[] = [];
  const seen = { parsed: 0, begun: 0 };
  const server = createServer((req, res) => {
    seen.parsed += 1;
    pipelines.take(req.socket, res, () => {
      seen.begun += 1;
      req.resume();
      atWork.push(res);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { server, port, atWork, seen };
}

test.each([
  ["without a body", get, "a"],
  ["with a body", post, "a"],
  ["whose answers are larger than a socket's buffer", get, "a".repeat(20_000)],
])(
  "requests %s begin in their order, a few at once, and are read as they are answered",
  async (_title, request, text) => {
    const { server, port, atWork, seen } = await startServer();
    const socket = connect(port, "127.0.0.1");
    let receivedBytes = 0;
    socket.on("data", (chunk: Buffer) => (receivedBytes += chunk.byteLength));
    socket.write(request.repeat(requestCount));
    await waitUntil("as many are at work as may be", () => atWork.length === pipelinedRequestsMax);
    const parsedMax = pipelinedRequestsMax + (2 * chunkBytes) / request.length;
    for (let answeredCount = 0; answeredCount < requestCount;) {
      await waitUntil("the next one is at work", () => atWork.length > 0);
      expect(atWork.length).toBeLessThanOrEqual(pipelinedRequestsMax);
      expect(seen.parsed - answeredCount).toBeLessThanOrEqual(parsedMax);
      answeredCount += atWork.length;
      for (const res of atWork.splice(0)) res.end(text);
    }
    await waitUntil("all are answered", () => receivedBytes > requestCount * text.length);
    expect(seen).toEqual({ parsed: requestCount, begun: requestCount });
    socket.destroy();
    server.close();
  },
);

test("requests that wait do not begin once their connection has closed", async () => {
  const { server, port, atWork, seen } = await startServer();
  const socket = connect(port, "127.0.0.1");
  socket.write(get.repeat(2 * pipelinedRequestsMax));
  await waitUntil("all have come", () => seen.parsed === 2 * pipelinedRequestsMax);
  atWork[0]!.req.socket.destroy();
  for (const res of atWork) res.destroy();
  server.close();
  await once(server, "close");
  expect(seen.begun).toBe(pipelinedRequestsMax);
});
