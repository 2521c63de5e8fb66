import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findVersionProblem, nodeVersionMin } from "../../../src/client-node/node-version.ts";

const { engines } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
  engines: { node: string };
};

test("the oldest version is the one of package.json", () => {
  expect(engines.node).toBe(`>=${nodeVersionMin}`);
});

test.each([
  ["the oldest", { node: `${nodeVersionMin}.0` }, false],
  ["a newer major version", { node: "30.0.0" }, false],
  ["an older minor version", { node: "22.14.9" }, true],
  ["an older major version", { node: "20.19.0" }, true],
  ["Bun", { node: "20.19.0", bun: "1.3.0" }, false],
  ["Deno", { node: "20.19.0", deno: "2.0.0" }, false],
])("%s", (_, versions, isTooOld) => {
  expect(findVersionProblem(versions as unknown as NodeJS.ProcessVersions) !== undefined).toBe(isTooOld);
});
