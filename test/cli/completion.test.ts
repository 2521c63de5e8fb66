import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePrograms } from "../../scripts/apt.ts";
import { ensurePython } from "../../scripts/python.ts";
import { connect } from "../../src/client-node/index.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar, type TestServer } from "../support/server.ts";

/** Datasets are offered if the server answers in two seconds, which a busy machine may not do at first. */
const patient = { timeout: 200_000 };

describe("completion in real shells", () => {
  let server: TestServer;
  let folder: TemporaryFolder;
  const run = async (command: string, ...args: string[]): Promise<string> => {
    const env = {
      ...process.env,
      PATH: `${folder.path}${delimiter}${process.env["PATH"]}`,
      HANGAR_URL: server.url,
      ZDOTDIR: folder.path,
      TERM: "dumb",
    };
    return (await promisify(execFile)(command, args, { cwd: folder.path, env })).stdout;
  };

  beforeAll(async () => {
    await ensurePrograms(["bash", "zsh", "fish"]);
    server = await startHangar();
    folder = await createTemporaryFolder();
    const client = connect(server.url);
    for (const name of ["geo/rivers", "geo/deep/lakes", "odd name"]) {
      await client.put(name, tableFromArrays({ n: [1] }));
    }
    client.close();
    const program = `#!/bin/sh\nexec "${process.execPath}" "${hangarProgram}" "$@"\n`;
    await writeFile(join(folder.path, "hangar"), program, { mode: 0o755 });
    await writeFile(join(folder.path, "local.parquet"), "");
    const zsh = `autoload -U compinit; compinit -u -D; source <(hangar completion zsh); PS1="ready> "\n`;
    await writeFile(join(folder.path, ".zshrc"), zsh);
    // The first use of apt takes a while.
  }, 300_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  /** Returns what bash would offer for each line, in brackets. */
  const completeInBash = async (...lines: string[]): Promise<string[]> => {
    const each = 'COMP_LINE=$line COMP_POINT=${#line}; _hangar; echo "${COMPREPLY[@]/#/|}"';
    const script = `source <(hangar completion bash); complete -p hangar; for line; do ${each}; done`;
    const [declared, ...offers] = (await run("bash", "-c", script, "bash", ...lines)).split("\n");
    expect(declared).toBe("complete -F _hangar hangar");
    return offers.slice(0, -1);
  };

  test("bash completes commands, flags, values, datasets and files", async () => {
    const lines = [
      "sch",
      "get --form",
      "get --format=c",
      "head geo/",
      "head o",
      "put loc",
      "put ./loc",
      "cp .",
      "cp ./loc",
      "mv geo/",
      "--url http://127.0.0.1:1 rm ",
    ];
    await expect
      .poll(() => completeInBash(...lines.map((line) => `hangar ${line}`)), patient)
      .toEqual([
        "|schema",
        "|--format",
        "|csv",
        "|geo/deep/ |geo/rivers",
        String.raw`|odd\ name`,
        "|local.parquet",
        "|./local.parquet",
        "|./",
        "|./local.parquet",
        "|geo/deep/ |geo/rivers",
        "",
      ]);
  });

  test("fish completes the same", async () => {
    const complete = async (line: string): Promise<string[]> => {
      const script = `hangar completion fish | source; complete -C ${JSON.stringify(line)}`;
      return (await run("fish", "--no-config", "-c", script)).trim().split("\n");
    };
    expect(await complete("hangar sch")).toEqual(["schema\tShow the columns of a dataset"]);
    await expect.poll(() => complete("hangar head geo/"), patient).toEqual(["geo/deep/", "geo/rivers"]);
    expect(await complete("hangar put loc")).toEqual(["local.parquet"]);
  });

  test("zsh completes the same, as typed", async () => {
    const typed = ["hangar sche\tgeo/r\t --for\tcs\t", "hangar head geo/d\tl\t", "exit"].join("\n");
    const program = join(import.meta.dirname, "type-in-shell.py");
    const python = await ensurePython();
    const shown = async (): Promise<string> => await run(python, program, typed, "zsh", "-d", "-i");
    await expect.poll(shown, patient).toMatch(/name,type,nullable\r\nn,double,true[^]*\nn\r\n1\r\n/);
  });
});
