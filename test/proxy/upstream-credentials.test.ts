import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken } from "../../src/auth/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { startProgram, startProxy, type TestServer } from "../support/server.ts";

const { token, sha256 } = createToken();
let upstream: TestServer;
let folder: TemporaryFolder;
const fileOf = (name: string): string => join(folder.path, name);
beforeAll(async () => {
  upstream = await startProgram("../client/serve-credentials.ts");
  folder = await createTemporaryFolder();
  await writeFile(fileOf("upstream.token"), "day-1\n");
  await writeFile(fileOf("hangar.toml"), `[[tokens]]\nname = "etl"\nsha256 = "${sha256}"`);
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** What a list through a proxy comes to. */
async function listThrough(flags: readonly string[], headers: Record<string, string>): Promise<string> {
  await using proxy = await startProxy(upstream, ...flags);
  const client = connect(proxy.location, { headers });
  try {
    await Array.fromAsync(client.list());
    return "a list";
  } catch (reason) {
    return (reason as Error).message;
  } finally {
    client.close();
  }
}

const forUpstream = { authorization: "Bearer day-1" };
const forProxy = { authorization: `Bearer ${token}` };

test.each<[string, () => string[], Record<string, string>, string]>([
  ["go to the upstream by default", () => [], forUpstream, "a list"],
  ["stay here where that is said", () => ["--upstream-credentials", "none"], forUpstream, "who is it?"],
  ["are replaced by a token", () => ["--upstream-token-file", fileOf("upstream.token")], {}, "a list"],
  ["stay here where this server asks for them", () => ["--config", fileOf("hangar.toml")], forProxy, "who is it?"],
  [
    "are asked for here, and replaced",
    () => ["--config", fileOf("hangar.toml"), "--upstream-token-file", fileOf("upstream.token")],
    forProxy,
    "a list",
  ],
  [
    "of the upstream are none of this server",
    () => ["--config", fileOf("hangar.toml"), "--upstream-token-file", fileOf("upstream.token")],
    forUpstream,
    "the token is unknown, or has expired",
  ],
])("callers' credentials %s", async (_title, flags, headers, expected) => {
  expect(await listThrough(flags(), headers)).toBe(expected);
});
