import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { useBuckets } from "../support/buckets.ts";
import { startChild } from "../support/child.ts";
import { startBehindProxy, startHangar, startRecipe, type TestServer } from "../support/server.ts";

const program = join(import.meta.dirname, "recipe.py");

const printed = `Path: uploaded.parquet Rows: 3 Size: N
=== Schema ===
Character: string
==============
  Character
0     Mario
1     Luigi
2     Peach
end of list
`;

async function printsWhatTheCookbookPrints(start: () => Promise<TestServer>, host: string): Promise<void> {
  await using server = await start();
  await using client = startChild(await ensurePython(), [program, `grpc://${host}:${server.port}`]);
  const { exitCode } = await client.exit();
  expect(client.output().replace(/Size: [1-9]\d*/, "Size: N")).toBe(printed);
  expect(exitCode).toBe(0);
}

const buckets = useBuckets();

async function startOverBucket(): Promise<TestServer> {
  const { url, endpoint } = buckets.createPlace()();
  return await startHangar("--repo", url, "--s3-endpoint", endpoint);
}

describe("the recipe's client", () => {
  test.each([
    ["Hangar", startHangar, "127.0.0.1"],
    ["Hangar, reached as localhost", startHangar, "localhost"],
    ["Hangar, reached as the cookbook does, at 0.0.0.0", startHangar, "0.0.0.0"],
    ["Hangar over a bucket", startOverBucket, "127.0.0.1"],
    ["the recipe's own server", startRecipe, "127.0.0.1"],
    ["Hangar as a proxy before the recipe's own server", () => startBehindProxy(startRecipe), "localhost"],
  ])("prints what the cookbook prints, against %s", (_title, start, host) =>
    printsWhatTheCookbookPrints(() => start(), host),
  );
});
