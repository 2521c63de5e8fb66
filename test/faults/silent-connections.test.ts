import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

describe.concurrent("a connection is ended that", () => {
  let server: FlightServer;
  let port: number;

  beforeAll(async () => {
    server = createFlightServer({ producer: createMemoryProducer() });
    ({ port } = await server.listen({ port: 0 }));
  });
  afterAll(() => server.close({ drainTimeoutMs: 0 }));

  test.each([
    ["says nothing", [""]],
    ["does not say which protocol it speaks", ["P", "R"]],
    ["sends the preface of HTTP/2 and then nothing", [preface]],
    [
      "stops within the header of an HTTP/1.1 request",
      ["GET / HTTP/1.1\r\nHost: loc"],
      /^HTTP\/1\.1 408 .*in time\.\n$/s,
    ],
  ])("%s", async (_what, parts, answer = /^/) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    // What the server says goodbye with is read, so that its end can be seen.
    let received = "";
    socket.on("data", (chunk: Buffer) => (received += chunk.toString("latin1")));
    for (const part of parts) {
      socket.write(part);
      await sleep(50);
    }
    // A connection that is reset is ended, too.
    await new Promise((resolve) => socket.once("close", resolve));
    expect(socket.destroyed).toBe(true);
    expect(received).toMatch(answer);
  });
});
