import { tableFromArrays } from "apache-arrow";
import { afterEach, expect, test } from "vitest";
import { toFrames } from "../../../../src/client/index.ts";
import { connect } from "../../../../src/client-node/index.ts";
import { createFrame, type FlightFrame } from "../../../../src/flight/index.ts";
import type { FlightProducer } from "../../../../src/producer/index.ts";
import { createFlightServer } from "../../../../src/server/index.ts";

const ended = new AsyncDisposableStack();
afterEach(() => ended.disposeAsync());

/** A client of a server of a producer. */
async function serve(producer: FlightProducer) {
  const server = createFlightServer({ producer });
  const { port } = await server.listen({ port: 0 });
  const client = connect(`grpc://127.0.0.1:${port}`);
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await server.close({ drainTimeoutMs: 0 });
    },
  };
}

const [schema, batch] = await Array.fromAsync(toFrames(tableFromArrays({ n: Int32Array.of(1) })));
const metadata = createFrame({ appMetadata: Uint8Array.of(1) });

test.each<[string, FlightFrame[], string | undefined]>([
  ["a schema, batches and metadata", [metadata, schema!, batch!, metadata, batch!], undefined],
  ["a second schema", [schema!, batch!, schema!], "its DoGet sent a second schema; a stream has one schema"],
  ["a batch before the schema", [batch!], "its DoGet sent a batch before the schema"],
])("a producer that sends %s", async (_what, frames, message) => {
  await using served = await serve({
    async *doGet() {
      yield* frames;
    },
  });
  const got = Array.fromAsync(served.client.flight.doGet({}));
  if (message === undefined) expect(await got).toHaveLength(frames.length);
  else
    await expect(got).rejects.toMatchObject({ code: "internal", message: expect.stringContaining(message) as string });
});

test.each([
  [undefined, "UNKNOWN"],
  [0, "UNKNOWN"],
  ["PATH", '"PATH"'],
  [7, "7"],
])("a producer whose descriptor has the type %j is told so", async (type, given) => {
  const info = { flightDescriptor: { ...(type !== undefined && { type: type as 0 }), path: ["a"] } };
  await using served = await serve({
    getFlightInfo: async () => info,
    async *listFlights() {
      yield info;
    },
  });
  const message = `this server's producer is wrong: the descriptor of its FlightInfo has the type ${given}; it must be PATH (1) or CMD (2)`;
  const { flight } = served.client;
  await expect(flight.getFlightInfo({ type: 1, path: ["a"] })).rejects.toMatchObject({ code: "internal", message });
  await expect(Array.fromAsync(flight.listFlights(""))).rejects.toMatchObject({ code: "internal", message });
});
