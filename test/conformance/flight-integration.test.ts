import { inspect } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { anonymous } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { runIntegrationClient } from "./integration-client.ts";
import { scenarios } from "./scenarios/index.ts";

// Where the client is not yet there, Go builds it, and may have to be installed before that.
beforeAll(() => ensureGoTool("arrow-flight-integration-client"), 900_000);

test.each([...scenarios])("%s", async (name, createScenario) => {
  const { producer, authenticate = () => anonymous } = createScenario();
  const peers = new Set<string>();
  const log: object[] = [];
  const server = createFlightServer({
    producer,
    logger: { debug() {}, info() {}, warn() {}, error: (details) => void log.push(details) },
    authenticate: (request) => {
      peers.add(request.peer);
      return authenticate(request);
    },
  });
  try {
    const { port } = await server.listen({ port: 0 });
    const { exitCode, output } = await runIntegrationClient(port, ["-scenario", name]);
    expect(exitCode, `the client printed:\n${output}\nthe server logged:\n${inspect(log)}`).toBe(0);
    // It tries three times, over a connection of its own each: what only works the second time does not pass.
    expect(peers.size, `the client printed:\n${output}`).toBe(1);
  } finally {
    await server.close({ drainTimeoutMs: 0 });
  }
});
