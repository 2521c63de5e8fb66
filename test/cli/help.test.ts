import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import type { Command } from "commander";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/create-program.ts";
import { examplesOf, fullName, visibleCommands } from "../../src/cli/help/examples.ts";
import { connect } from "../../src/client-node/index.ts";
import { startChild } from "../support/child.ts";
import { writeFixture } from "../support/fixture.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar, type TestServer } from "../support/server.ts";

const commandsIn = (command: Command): Command[] => [command, ...visibleCommands(command).flatMap(commandsIn)];
const commands = commandsIn(createProgram());
const rivers = tableFromArrays({ name: ["Nile", "Amazon"], km: Int32Array.of(6650, 6400) });

describe("examples in the help", () => {
  let [server, other]: TestServer[] = [];
  let folder: TemporaryFolder;
  const env = (): NodeJS.ProcessEnv => ({
    PATH: `${folder.path}${delimiter}${process.env["PATH"]}`,
    HANGAR_URL: server!.url,
    HANGAR_PORT: "0",
    DISPLAY: "",
    WAYLAND_DISPLAY: "",
  });

  beforeAll(async () => {
    [server, other] = await Promise.all([startHangar(), startHangar()]);
    folder = await createTemporaryFolder();
    const program = `#!/bin/sh\nexec "${process.execPath}" "${hangarProgram}" "$@"\n`;
    await writeFile(join(folder.path, "hangar"), program, { mode: 0o755 });
    await writeFile(join(folder.path, "rivers.arrow"), tableToIPC(rivers, "file"));
    await writeFixture(join(folder.path, "cities.parquet"), 10);
    await mkdir(join(folder.path, "sales"));
    await writeFixture(join(folder.path, "sales/january.parquet"), 10);
    await writeFile(join(folder.path, "secret.txt"), "open sesame\n");
  });
  afterAll(async () => {
    for (const each of [server, other, folder]) await each?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await writeFile(join(folder.path, "hangar.toml"), `log-level = "warn"\n`);
    await rm(join(folder.path, "copies"), { recursive: true, force: true });
    for (const [each, names] of [
      [server!, ["cities.parquet", "geo/lakes", "geo/rivers"]],
      [other!, []],
    ] as const) {
      const client = connect(each.url);
      for await (const { name } of client.list()) await client.drop(name);
      for (const name of names) await client.put(name, rivers);
      client.close();
    }
  });

  test.each(commands.map((command) => [fullName(command), command] as const))("%s", async (_name, command) => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    for (const [commandLine] of examplesOf(command)) {
      expect(help).toContain(`\n  ${commandLine}\n`);
      // Each works by itself.
      const line = commandLine.replace("flights.example:8815", `127.0.0.1:${other!.port}`);
      if (line.startsWith("hangar serve")) await expectToServe(line);
      else await promisify(execFile)("bash", ["-e", "-o", "pipefail", "-c", line], shellOptions());
    }
  });

  const shellOptions = () => ({ cwd: folder.path, env: { ...process.env, ...env() } });

  async function expectToServe(line: string): Promise<void> {
    const script = `cd "${folder.path}" && exec ${line}`;
    await using child = startChild("bash", ["-c", script], env());
    await child.waitFor(/Hangar serves .*grpc:\/\/127\.0\.0\.1:\d+/);
  }
});

test.each([["get", "--help"], ["--version"], ["help", "serve"]])(
  "%s %s ends in silence if the reader of its output has gone",
  async (...args) => {
    const child = spawn(process.execPath, [hangarProgram, ...args.filter(Boolean)], { stdio: "pipe" });
    child.stdout.destroy();
    const [stderr, [exitCode]] = await Promise.all([Array.fromAsync(child.stderr), once(child, "close")]);
    expect([exitCode, stderr.join("")]).toEqual([0, ""]);
  },
);
