import { inspect } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { runIntegrationClient } from "../conformance/integration-client.ts";
import { scenarios } from "../conformance/scenarios/index.ts";
import { startGoServer } from "../support/start-go-server.ts";
import { serveProxy } from "../support/proxy.ts";

beforeAll(async () => {
  await ensureGoTool("arrow-flight-integration-client");
  await ensureGoTool("arrow-flight-integration-server");
}, 900_000);

test.for([...scenarios.keys()])("%s, of the official client and the official server", async (name, { task }) => {
  const column = "official client and server, through the proxy";
  task.meta.compatibility = { table: "scenarios", scenario: name, column };
  await using server = await startGoServer("arrow-flight-integration-server", "-scenario", name);
  const upstream = `grpc://localhost:${server.port}`;
  await using proxy = await serveProxy({ upstream, forwardHeaders: ["x-middleware"] });
  const direct = await runIntegrationClient(server.port, ["-scenario", name]);
  expect(direct.exitCode, `without the proxy the client printed:\n${direct.output}`).toBe(0);
  const { exitCode, output } = await runIntegrationClient(proxy.port, ["-scenario", name]);
  expect(exitCode, `the client printed:\n${output}\nthe proxy logged:\n${inspect(proxy.errors)}`).toBe(0);
  // It tries three times: what only works the second time does not pass.
  expect(output).toBe(direct.output);
});
