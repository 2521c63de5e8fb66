import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { isOpen, readSettings, type Settings } from "../../../../src/cli/config/settings.ts";
import { findRestarts } from "../../../../src/cli/config/settings-watch.ts";
import { addServeCommand } from "../../../../src/cli/serve-command.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../../support/folder.ts";

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());
afterEach(() => vi.unstubAllEnvs());

const token = `[[tokens]]\nname = "etl"\nsha256 = "${"a".repeat(64)}"`;

interface Told {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The lines of the configuration file; there is none where it is left out. */
  readonly file?: string;
}

/** The settings of a server that is told so. */
async function settingsOf({ flags = [], env = {}, file }: Told): Promise<Settings> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const path = join(folder.path, "hangar.toml");
  if (file !== undefined) await writeFile(path, file);
  const config = file === undefined ? [] : ["--config", path];
  let settings: Settings | undefined;
  const serve = addServeCommand(new Command()).action((_options, command: Command) => {
    settings = readSettings(command);
  });
  await serve.parseAsync([...flags, ...config], { from: "user" });
  return settings!;
}

test("a flag goes over its variable, that over the file, and the file over the default", async () => {
  const file = 'port = 1\nlog-level = "warn"\ncors-origin = ["https://file.example"]\ndrain-delay = 5';
  const env = { HANGAR_PORT: "2", HANGAR_CORS_ORIGIN: "https://variable.example" };
  expect((await settingsOf({ flags: ["--port", "3"], env, file })).options).toMatchObject({
    port: 3,
    corsOrigin: ["https://variable.example"],
    logLevel: "warn",
    drainDelay: 5,
    host: "127.0.0.1",
  });
});

describe("callers without credentials", () => {
  const open = ["--host", "0.0.0.0"];
  test.each<[string, Told, "none" | "read" | "all"]>([
    ["everything on loopback, where nothing is said", {}, "all"],
    ["everything on loopback of IPv6", { flags: ["--host", "::1"] }, "all"],
    ["everything on all of loopback", { flags: ["--host", "127.9.9.9"] }, "all"],
    ["everything on localhost", { flags: ["--host", "localhost"] }, "all"],
    ["nothing where there are tokens", { file: token }, "none"],
    ["nothing where there are tokens, on any address", { flags: open, file: token }, "none"],
    ["what the file says", { flags: open, file: `anonymous = "read"\n${token}` }, "read"],
    ["what the file says without any credentials", { flags: open, file: 'anonymous = "read"' }, "read"],
    [
      "what the flag says over the file",
      { flags: [...open, "--anonymous", "none"], file: 'anonymous = "all"' },
      "none",
    ],
    ["everything where that is allowed", { flags: [...open, "--allow-anonymous"] }, "all"],
    ["everything where a variable allows it", { flags: open, env: { HANGAR_ALLOW_ANONYMOUS: "1" } }, "all"],
    ["everything where the file allows it", { flags: open, file: "allow-anonymous = true" }, "all"],
  ])("may do %s", async (_title, told, anonymous) => {
    expect((await settingsOf(told)).access.anonymous).toBe(anonymous);
  });

  test.each<[string, Told]>([
    ["0.0.0.0", { flags: ["--host", "0.0.0.0"] }],
    ["the host of a variable", { env: { HANGAR_HOST: "::" } }],
    ["the host of the file", { file: 'host = "192.0.2.1"' }],
    ["a file that only has rules", { file: 'host = "::"\n[[rules]]\ngroups = ["a"]\nrights = ["admin"]' }],
    ["an empty list of tokens", { file: 'host = "::"\ntokens = []' }],
    ["a variable that does not allow it", { flags: ["--host", "::"], env: { HANGAR_ALLOW_ANONYMOUS: "0" } }],
  ])("are not let in by mistake: %s", async (_title, told) => {
    await expect(settingsOf(told)).rejects.toThrow("lets other machines call, and nothing says who may");
  });

  test("are asked nothing only where nobody is asked", async () => {
    expect(isOpen(await settingsOf({}))).toBe(true);
    expect(isOpen(await settingsOf({ file: 'anonymous = "read"' }))).toBe(false);
    expect(isOpen(await settingsOf({ file: `anonymous = "all"\n${token}` }))).toBe(false);
  });
});

test.each<[string, string, string, readonly string[]]>([
  ["what takes effect", `log-level = "warn"\n${token}`, `log-level = "info"\nanonymous = "read"\n${token}`, []],
  ["flags", token, `port = 1\nforward-header = ["x"]\n${token}`, ["port", "forward-header"]],
  ["access control where there was none", "", token, ["access"]],
  ["access that is dropped", token, 'anonymous = "all"', []],
  [
    "another place of a certificate",
    `tls-cert = "a"\ntls-key = "b"\n${token}`,
    `tls-cert = "c"\ntls-key = "d"\n${token}`,
    [],
  ],
  ["a certificate where there was none", token, `tls-cert = "c"\ntls-key = "d"\n${token}`, ["tls-cert", "tls-key"]],
])("a change that takes a restart is named: %s", async (_title, before, after, keys) => {
  const started = await settingsOf({ file: before });
  expect(findRestarts(started, await settingsOf({ file: after }))).toEqual(keys);
});
