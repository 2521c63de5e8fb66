import { expect, test } from "vitest";
import { runHangar } from "./run-hangar.ts";

const url = "grpc://127.0.0.1:1";

test.each([
  ["a command", ["--version"], 0],
  ["a server that restarts itself", ["serve", "--config", "missing.toml"], 2],
])("%s starts where there can be no cache folder", async (_, args, exitCode) => {
  // Node's own way to create a folder never ends in /proc.
  const run = await runHangar(args, { url, env: { XDG_CACHE_HOME: "/proc" } });
  expect(run.exitCode).toBe(exitCode);
});
