import { inspect } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { runIntegrationClient } from "./integration-client.ts";
import { scenarios } from "./scenarios/index.ts";
import { serveScenario } from "./serve-scenario.ts";

// Where the client is not yet there, Go builds it, and may have to be installed before that.
beforeAll(() => ensureGoTool("arrow-flight-integration-client"), 900_000);

test.for([...scenarios])("%s", async ([name, createScenario], { task }) => {
  task.meta.compatibility = { table: "scenarios", scenario: name, column: "official client, our server" };
  await using server = await serveScenario(createScenario());
  const { exitCode, output } = await runIntegrationClient(server.port, ["-scenario", name]);
  expect(exitCode, `the client printed:\n${output}\nthe server logged:\n${inspect(server.errors)}`).toBe(0);
  // It tries three times, over a connection of its own each: what only works the second time does not pass.
  expect(server.peers.size, `the client printed:\n${output}`).toBe(1);
});
