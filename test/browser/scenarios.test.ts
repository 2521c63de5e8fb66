import { expect, test } from "vitest";
import { commands } from "vitest/browser";
import { connect } from "../../src/client/index.ts";
import { clientSteps } from "../conformance/client-steps/index.ts";
import { pageServerKinds } from "../conformance/server-kinds.ts";

/** This page's address. */
const page = new URL(import.meta.url);

const cases = pageServerKinds.flatMap((kind) => [...clientSteps.keys()].map((name) => ({ kind, name })));

test.for(cases)("$name, of our client in Chromium and $kind", async ({ kind, name }, { task }) => {
  task.meta.compatibility = { table: "scenarios", scenario: name, column: `our client in Chromium, ${kind}` };
  const steps = clientSteps.get(name);
  expect(steps).toBeDefined();
  const port = await commands.startScenario(kind, name, page.origin);
  // The page's own host, of another port: its cookies go along.
  const client = connect(`http://${page.hostname}:${port}`, { credentials: "include" });
  try {
    await steps!(client);
  } finally {
    client.close();
    await commands.stopScenario(port);
  }
});
