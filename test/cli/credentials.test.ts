import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { parse } from "smol-toml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { parsePasswordHash } from "../../src/auth/index.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startProgram, type TestServer } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";
import { runHangar, type CommandRun } from "./run-hangar.ts";

let server: TestServer;
let folder: TemporaryFolder;
beforeAll(async () => {
  server = await startProgram("../client/serve-credentials.ts");
  folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "token"), "day-1\n");
  await writeFile(join(folder.path, "table.arrows"), tableToIPC(tableFromArrays({ n: [1] }), "stream"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

type Variables = Readonly<Record<string, string>>;

const hangar = async (args: readonly string[], env: Variables = {}): Promise<CommandRun> =>
  await runHangar(args, { url: server.url, cwd: folder.path, env });

/** Runs a command in a terminal; gives what it showed. */
async function inTerminal(answers: readonly string[], ...args: string[]): Promise<string> {
  const program = join(import.meta.dirname, "in-terminal.py");
  const command = [program, answers.join("\n"), process.execPath, hangarProgram, ...args];
  const env = { ...process.env, HANGAR_URL: server.url };
  const { stdout } = await promisify(execFile)(await ensurePython(), command, { cwd: folder.path, env });
  return stdout.replaceAll("\r\n", "\n");
}

describe("a command signs in", () => {
  const password = { HANGAR_PASSWORD: "open sesame" };
  test.each<[string, string[], Variables]>([
    ["by a token of the environment", [], { HANGAR_TOKEN: "day-1" }],
    ["by a token of a file", ["--token-file", "token"], {}],
    ["by a flag, though the environment says otherwise", ["--token-file", "token"], { HANGAR_TOKEN: "wrong" }],
    ["by a token among the flags", ["--token", "day-1"], {}],
    ["by a name, and a password of the environment", ["--user", "ann"], password],
    ["by a header", ["--header", "authorization: Bearer day-1"], {}],
    ["by a header of the environment", [], { HANGAR_HEADER: "x-else: 1\nAuthorization:Bearer day-1" }],
  ])("%s", async (_title, flags, env) => {
    expect(await hangar(["put", "table.arrows", "it", ...flags], env)).toMatchObject({ exitCode: 0 });
    expect(await hangar(["ls", "--format", "csv", ...flags], env)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^name,rows,bytes\nit,1,/),
    });
  });

  test("by a password that it asks for, and does not show", async () => {
    const shown = await inTerminal(["open sesame"], "ls", "--format", "csv", "--user", "ann");
    expect(shown).toMatch(/^Password of ann: \n+name,rows,bytes\n/);
    expect(shown).not.toContain("sesame");
  });
});

describe("a command that may not call ends with 4, and shows no secret", () => {
  test.each<[string, string[], Variables]>([
    ["without credentials", [], {}],
    ["by a wrong token", ["--token", "s3cret"], {}],
    ["by a wrong password", ["--user", "ann"], { HANGAR_PASSWORD: "s3cret" }],
  ])("%s", async (_title, flags, env) => {
    const run = await hangar(["ls", ...flags], env);
    expect(run).toEqual({ exitCode: 4, stdout: "", stderr: "hangar: who is it? (unauthenticated)\n" });
  });

  test.each<[string, string[], Variables, RegExp]>([
    ["a token with a line end", [], { HANGAR_TOKEN: "s3cret\nmore" }, /the token must consist/],
    ["a file that is not there", ["--token-file", "nowhere"], {}, /ENOENT/],
    ["nobody to ask for the password", ["--user", "ann"], {}, /cannot ask for the password: .*; set HANGAR_PASSWORD\n/],
  ])("%s", async (_title, flags, env, words) => {
    const run = await hangar(["ls", ...flags], env);
    expect(run).toMatchObject({ stdout: "", stderr: expect.stringMatching(words) });
    expect(run.stderr).not.toContain("s3cret");
  });
});

test("a secret among the flags is not in the list of processes while the command runs", async () => {
  const args = [hangarProgram, "put", "-", "slow", "--token", "day-1", "--header", "x-secret: s3cret"];
  const env = { ...process.env, HANGAR_URL: server.url };
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "ignore", "ignore"] });
  const listed = async (): Promise<string> => await readFile(`/proc/${child.pid}/cmdline`, "utf8");
  await waitUntil("the flags are gone", async () => (await listed()).startsWith("hangar put"));
  expect(await listed()).not.toMatch(/day-1|s3cret/);
  child.stdin.end(tableToIPC(tableFromArrays({ n: [1] }), "stream"));
  expect(await once(child, "close")).toEqual([0, null]);
});

test("hangar token new gives a token, and what a configuration has of it", async () => {
  const { exitCode, stdout, stderr } = await hangar([
    "token",
    "new",
    'a "b"',
    "--group",
    "x,y",
    "--expires",
    "2100-01-31",
  ]);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^hangar_[\w-]{43}\n$/)]);
  const sha256 = createHash("sha256").update(stdout.trim()).digest("hex");
  expect(parse(stderr)).toEqual({ tokens: [{ name: 'a "b"', sha256, groups: ["x", "y"], expires: expect.any(Date) }] });
});

describe("hangar password", () => {
  const isHash = (text: string): boolean => parsePasswordHash(text.trim()).hash.byteLength === 32;

  test("reads standard input", async () => {
    const input = Buffer.from("open sesame\n");
    const { exitCode, stdout } = await runHangar(["password"], { url: server.url, input });
    expect([exitCode, isHash(stdout)]).toEqual([0, true]);
  });

  test("asks twice on a terminal, and shows nothing", async () => {
    const shown = await inTerminal(["open sesame", "open sesame"], "password");
    expect(shown).not.toContain("sesame");
    const [, hash = ""] = /^Password: \n+Again: \n+(.*)\n$/.exec(shown) ?? [];
    expect(isHash(hash)).toBe(true);
  });

  test("refuses two that differ, and none", async () => {
    await expect(inTerminal(["one", "other"], "password")).rejects.toMatchObject({ code: 2 });
    expect(await runHangar(["password"], { url: server.url, input: Buffer.from("\n") })).toMatchObject({
      exitCode: 2,
      stdout: "",
    });
  });
});
