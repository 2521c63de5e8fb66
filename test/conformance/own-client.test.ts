import { inspect } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { connect } from "../../src/client-node/index.ts";
import { clientSteps } from "./client-steps/index.ts";
import { scenarios } from "./scenarios/index.ts";
import { serverKinds } from "./server-kinds.ts";
import { startScenario } from "./start-scenario.ts";

// Where the server is not yet there, Go builds it, and may have to be installed before that.
beforeAll(() => ensureGoTool("arrow-flight-integration-server"), 900_000);

test("our client has steps for every scenario", () => {
  expect([...clientSteps.keys()]).toEqual([...scenarios.keys()]);
});

const cases = serverKinds.flatMap((kind) => [...clientSteps].map(([name, steps]) => ({ kind, name, steps })));

test.for(cases)("$name, of our client in Node and $kind", async ({ kind, name, steps }, { task }) => {
  task.meta.compatibility = { table: "scenarios", scenario: name, column: `our client in Node, ${kind}` };
  await using server = await startScenario(kind, name);
  const client = connect(`grpc://localhost:${server.port}`, { cookies: true });
  try {
    await steps(client);
  } catch (error) {
    throw new Error(`the server logged: ${inspect(server.errors())}`, { cause: error });
  } finally {
    client.close();
  }
});
