import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar, startProxy, type TestServer } from "../support/server.ts";
import { startGoServer } from "../support/start-go-server.ts";
import { readCommands, readFences, toPattern, type Fence } from "./fences.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

/** What docs/proxy.md is about: Arrow's example of a Flight SQL server behind the proxy. */
async function startSqlBehindProxy(): Promise<TestServer> {
  const sql = await startGoServer("sqlite_flightsql_server");
  const proxy = await startProxy({ location: `grpc://localhost:${sql.port}`, repo: "" });
  const dispose = async (): Promise<void> => {
    await proxy[Symbol.asyncDispose]();
    await sql[Symbol.asyncDispose]();
  };
  return { ...proxy, [Symbol.asyncDispose]: dispose };
}

/** What docs/auth.md is about: a server with the configuration of its first block. */
async function startWithAccess(): Promise<TestServer> {
  const folder = await createTemporaryFolder();
  const path = join(folder.path, "hangar.toml");
  await writeFile(path, readFences("docs/auth.md")[0]!.text);
  const server = await startHangar("--config", path);
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { ...server, [Symbol.asyncDispose]: dispose };
}

/** Starts the server that a document is about. */
async function startServerOf(file: string): Promise<TestServer> {
  if (file === "docs/proxy.md") return await startSqlBehindProxy();
  return file === "docs/auth.md" ? await startWithAccess() : await startHangar();
}

const documents = [
  "README.md",
  ...["serve", "store", "folders", "filters", "files", "producers", "client", "cli", "proxy", "auth"].map(
    (name) => `docs/${name}.md`,
  ),
];

describe.each(documents)("%s", (file) => {
  const fences = readFences(file);
  let server: TestServer;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    server = await startServerOf(file);
    folder = await createTemporaryFolder();
    // A folder of a user's own, which has the package installed.
    await mkdir(join(folder.path, "node_modules/.bin"), { recursive: true });
    await symlink(root, join(folder.path, "node_modules/hangar"));
    for (const name of ["apache-arrow", "@connectrpc"]) {
      await symlink(join(root, "node_modules", name), join(folder.path, "node_modules", name));
    }
    const command = `#!/bin/sh\nexec "${process.execPath}" "${hangarProgram}" "$@"\n`;
    await writeFile(join(folder.path, "node_modules/.bin/hangar"), command, { mode: 0o755 });
    // What Go builds is built once, and takes minutes.
  }, 900_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const atTestServer = (text: string): string => text.replaceAll("localhost:8815", `localhost:${server.port}`);

  test.each(fences.filter(isRun).map((fence) => [`${fence.language} of line ${fence.line}`, fence] as const))(
    "%s does what it says",
    async (_title, fence) => {
      const expected = fences[fences.indexOf(fence) + 1];
      if (fence.language === "python") {
        const args = [join(import.meta.dirname, "run-example.py"), atTestServer(fence.text)];
        const { stdout } = await run(await ensurePython(), args, { cwd: folder.path });
        expect(stdout.trim()).toMatch(toPattern(expected?.language === "text" ? expected.text : "…"));
      } else if (fence.language === "ts" && expected?.language === "text") {
        expect((await runProgram(atTestServer(fence.text))).trim()).toMatch(toPattern(expected.text));
      } else if (fence.language === "ts") {
        await expectToServe(fence.text);
      } else {
        for (const { command, output } of readCommands(fence)) await expectToPrint(command, output);
      }
    },
  );

  async function expectToPrint(command: string, output: string): Promise<void> {
    const path = `${join(folder.path, "node_modules/.bin")}:${process.env["PATH"]}`;
    const { stdout } = await run("bash", ["-c", atTestServer(command)], {
      cwd: folder.path,
      env: { ...process.env, PATH: path, HANGAR_URL: server.url },
    });
    expect(stdout.trim(), command).toMatch(toPattern(atTestServer(output)));
  }

  /** A program that ends by itself; gives what it has printed. */
  async function runProgram(program: string): Promise<string> {
    const path = join(folder.path, "example.ts");
    await writeFile(path, program);
    return (await run(process.execPath, [path])).stdout;
  }

  /** An example of a server is one when it prints where it serves, and does not end by itself. */
  async function expectToServe(program: string): Promise<void> {
    const path = join(folder.path, "example.ts");
    await writeFile(path, program);
    await using child = startChild(process.execPath, [path]);
    await child.waitFor(/grpc:\/\/127\.0\.0\.1:\d+/);
  }
});

function isRun({ language }: Fence): boolean {
  return ["python", "ts", "console"].includes(language);
}

describe("examples", () => {
  test("are the programs of docs/client.md, so that they are run", async () => {
    const programs = readFences("docs/client.md").map(({ text }) => text);
    const entries = await readdir(join(root, "examples"), { recursive: true });
    // The apps are run by test/package.
    const names = entries.filter((name) => /^\w+\.ts$|\.html$/.test(name) && !/^(vite|browser-app)/.test(name));
    expect(names).toContain("recipe.ts");
    expect(names).toContain("script-tag/index.html");
    for (const name of names) expect(programs).toContain(await readFile(join(root, "examples", name), "utf8"));
  });
});

describe("docs/serve.md", () => {
  test("lists the flags that there are, with their environment variables", async () => {
    const { stdout } = await run(process.execPath, [hangarProgram, "serve", "--help"]);
    const documented = await readFile(join(root, "docs/serve.md"), "utf8");
    const flags = [...stdout.matchAll(/^ {2}(--[a-z0-9-]+)/gm)].map((match) => match[1] ?? "");
    expect(flags.length).toBeGreaterThan(8);
    for (const flag of flags) {
      expect(documented).toContain(`\`${flag}\``);
      expect(documented).toContain(`HANGAR_${flag.slice(2).replaceAll("-", "_").toUpperCase()}`);
    }
  });
});
