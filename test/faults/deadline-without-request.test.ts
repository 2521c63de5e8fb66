import { connect, type IncomingHttpHeaders } from "node:http2";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { createProxy } from "../../src/proxy/index.ts";

/*
 * A client that opens a call with a deadline, and sends no message. Calls of one message waited for it for ever; streams
 * of messages did not.
 */

const grpc = { "grpc-timeout": "200m" };
const connects = { "connect-timeout-ms": "200" };
const streams = ["ListFlights", "DoGet", "DoPut"];

/** Headers of each protocol, and methods that it serves under this content type. */
const cells = (
  [
    ["application/grpc", grpc, [...streams, "GetFlightInfo"]],
    ["application/grpc-web+proto", grpc, [...streams, "GetFlightInfo"]],
    ["application/grpc-web-text", grpc, [...streams, "GetFlightInfo"]],
    ["application/connect+proto", connects, streams],
    ["application/connect+json", connects, streams],
    ["application/proto", connects, ["GetFlightInfo"]],
    ["application/json", connects, ["GetFlightInfo"]],
  ] as const
).flatMap(([type, timeout, methods]) => methods.map((method) => ({ type, timeout, method })));

/** What a response says: its status, its trailers and its body as text. */
async function ask(port: number, path: string, headers: IncomingHttpHeaders): Promise<string> {
  const session = connect(`http://127.0.0.1:${port}`);
  try {
    const stream = session.request({ ":method": "POST", ":path": path, te: "trailers", ...headers });
    const said: unknown[] = [];
    stream.on("response", (fields) => said.push(fields["grpc-status"]));
    stream.on("trailers", (fields) => said.push(fields["grpc-status"]));
    const body = (await buffer(stream)).toString("latin1");
    return `${said.join(" ")} ${body} ${Buffer.from(body, "base64").toString("latin1")}`;
  } finally {
    session.destroy();
  }
}

describe.each(["a server", "a proxy"])("%s ends a call at its deadline", (kind) => {
  test.each(cells)("of $method as $type", async ({ type, timeout, method }) => {
    await using stack = new AsyncDisposableStack();
    const server = createFlightServer({ producer: createMemoryProducer() });
    stack.defer(() => server.close());
    let { port } = await server.listen({ port: 0 });
    if (kind === "a proxy") {
      const { producer, catalog } = createProxy({ upstream: `grpc://127.0.0.1:${port}` });
      const proxy = createFlightServer({ producer, catalog });
      stack.defer(() => proxy.close());
      ({ port } = await proxy.listen({ port: 0 }));
    }
    const path = `/arrow.flight.protocol.FlightService/${method}`;
    const said = await ask(port, path, { "content-type": type, ...timeout });
    expect(said).toMatch(/deadline_exceeded|grpc-status: 4|\b4 /);
  });
});
