import { once } from "node:events";
import { connect } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";

const silence = { silenceCheckMs: 50, pingAfterMs: 300, silenceTimeoutMs: 1_500 };

test("a server whose process stood still for longer than a connection may be silent closes none that lives", async () => {
  const server = createFlightServer({ producer: createMemoryProducer(), silence });
  const { port } = await server.listen({ port: 0 });
  const session = connect(`http://127.0.0.1:${port}`).on("error", () => {});
  await once(session, "remoteSettings");
  // As a virtual machine that is paused.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * silence.silenceTimeoutMs);
  await sleep(4 * silence.silenceCheckMs);
  const { promise, resolve } = Promise.withResolvers<Error | null>();
  session.ping(resolve);
  expect(await promise).toBeNull();
  session.destroy();
  await server.close({ drainTimeoutMs: 0 });
});
