import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { createToken } from "../../src/auth/index.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar, type TestServer } from "../support/server.ts";
import { fixturesMs, startApp, type TestApp } from "./app.ts";
import { expectCopied } from "./grid.ts";

/* "Use this data": each snippet is copied out of the page, and run as it stands. */

const { token, sha256 } = createToken();
const ended = new AsyncDisposableStack();
let app: TestApp;
let guarded: TestServer;
let folder: string;

const name = "a b/it's.parquet";
const makeData = `
import os, sys
import pyarrow as pa, pyarrow.parquet as pq
os.chdir(sys.argv[1])
os.makedirs("a b", exist_ok=True)
table = pa.table({"id": range(1000), 'say, "y"': [f"O'Hare {i % 10}" for i in range(1000)], "z": [0.5] * 1000})
pq.write_table(table, "${name}", row_group_size=100)
`;
/** What each snippet gets, as pyarrow reads the same from the file. */
const expected = `
import json, sys
import pyarrow.parquet as pq, pyarrow.compute as pc
table = pq.read_table(sys.argv[1])
part = table.filter(pc.field('say, "y"') == "O'Hare 7").select(["id", 'say, "y"'])
for each in (table, part): print(json.dumps([each.num_rows, each.column_names, pc.sum(each["id"]).as_py()]))
`;
let [whole, part] = ["", ""];

const run = async (program: string, ...args: string[]): Promise<string> => {
  const env = { ...process.env, HANGAR_TOKEN: token };
  return (await promisify(execFile)(program, args, { env, cwd: join(import.meta.dirname, "../..") })).stdout.trim();
};
const runPython = async (...args: string[]): Promise<string> => await run(await ensurePython(), ...args);

beforeAll(async () => {
  app = ended.use(await startApp([]));
  const temporary = ended.use(await createTemporaryFolder());
  folder = temporary.path;
  const config = join(folder, "hangar.toml");
  await writeFile(
    config,
    `[[tokens]]\nname = "ann"\nsha256 = "${sha256}"\n[[rules]]\nsubjects = ["ann"]\nrights = ["read"]\ndatasets = ["**"]\n`,
  );
  guarded = ended.use(await startHangar("--config", config));
  for (const { repo } of [app.server, guarded]) await runPython("-c", makeData, repo);
  [whole = "", part = ""] = (await runPython("-c", expected, join(app.server.repo, name))).split("\n");
}, fixturesMs);
afterAll(() => ended.disposeAsync());

const summary = (table: string): string => `
import json
import pyarrow.compute as pc
print(json.dumps([${table}.num_rows, ${table}.column_names, pc.sum(${table}["id"]).as_py()]))`;
/** Reads the file that a snippet has made, and removes it. */
const summaryOfFile = `
import os, pyarrow.parquet as pq
made = pq.read_table("it's.parquet")
os.remove("it's.parquet")
${summary("made")}`;

/** How each snippet is run: it prints what it has got. */
const runners: Readonly<Record<string, (text: string) => Promise<string>>> = {
  pyarrow: (text) => runPython("-c", text + summary("table")),
  pandas: (text) =>
    runPython("-c", `${text}\nmade = pa.Table.from_pandas(frame, preserve_index=False)${summary("made")}`),
  polars: (text) => runPython("-c", `${text}\nmade = frame.to_arrow()${summary("made")}`),
  DuckDB: (text) => runPython("-c", `${text}\nmade = result.arrow().read_all()${summary("made")}`),
  JavaScript: (text) => {
    const print = `const sum = table.getChild("id").toArray().reduce((sum, id) => sum + Number(id), 0);
      const names = table.schema.fields.map((field) => JSON.stringify(field.name)).join(", ");
      console.log(\`[\${table.numRows}, [\${names}], \${sum}]\`);`;
    return run(process.execPath, "--input-type=module", "-e", `${text}\n${print}`);
  },
  curl: (text) => runShell(text.replace("curl", "curl --silent --show-error")),
  "Command line": (text) => runShell(text.replace("hangar get", `"${process.execPath}" "${hangarProgram}" get`)),
};

async function runShell(text: string): Promise<string> {
  await run("sh", "-c", `cd "${folder}" && ${text.startsWith("#") ? `true ${text}` : text}`);
  return await runPython("-c", `import os\nos.chdir("${folder}")\n${summaryOfFile}`);
}

/** The lines that a page shows for a language. */
async function snippet(page: Page, title: string): Promise<string> {
  const dialog = page.getByRole("dialog", { name: /^Use / });
  await dialog.getByRole("radio", { name: title }).check({ force: true });
  return await dialog.locator("pre").innerText();
}

async function show(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Use this data" }).click();
  await page.getByRole("dialog").getByRole("radio", { name: "curl" }).waitFor({ state: "attached" });
}

const dataset = `dataset=${encodeURIComponent(name)}`;
const selection = `&column=${encodeURIComponent('say, "y"')}&column=id&filter=${encodeURIComponent(`"say, ""y""" = 'O''Hare 7'`)}`;

describe("the lines to use data by", () => {
  test("get the whole dataset", async () => {
    const page = await app.open(`/?${dataset}`);
    await show(page);
    for (const [title, runner] of Object.entries(runners)) {
      expect([title, await runner(await snippet(page, title))]).toEqual([title, whole]);
    }
    await page.context().close();
  });

  test("get the columns and rows as seen; those that were copied last are offered first", async () => {
    const page = await app.open(`/?${dataset}${selection}`);
    await show(page);
    for (const [title, runner] of Object.entries(runners)) {
      expect([title, await runner(await snippet(page, title))]).toEqual([title, part]);
    }
    // The word stays for a second and a half.
    await Promise.all([
      page.getByText("Copied", { exact: true }).waitFor(),
      page.getByRole("button", { name: "Copy the lines for Command line" }).click(),
    ]);
    await expectCopied(page, expect.stringContaining("hangar get 'a b/it'\\''s.parquet'"));
    await page.keyboard.press("Escape");
    await show(page);
    await expect.poll(() => page.getByRole("radio", { name: "Command line" }).isChecked()).toBe(true);
    await page.context().close();
  });

  test("lead DuckDB by Parquet where it refuses a type of Arrow", async () => {
    const program = `
import os, sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
os.chdir(sys.argv[1])
half = pa.array([np.float16(i / 2) for i in range(5)])
pq.write_table(pa.table({"id": range(5), "half": half}), "half.parquet")`;
    await runPython("-c", program, app.server.repo);
    const page = await app.open("/?dataset=half.parquet");
    await show(page);
    const text = await snippet(page, "DuckDB");
    const read = `import os\nos.chdir("${folder}")\n${text}\nprint(result.fetchall())`;
    expect(await runPython("-c", read)).toBe("[(0, 0.0), (1, 0.5), (2, 1.0), (3, 1.5), (4, 2.0)]");
    await page.goto(`${app.server.url}/?dataset=half.parquet&column=id`);
    await show(page);
    expect(await snippet(page, "DuckDB")).not.toContain("write_table");
    await page.context().close();
  });

  test("say where a token goes, and have none in them", async () => {
    const page = await app.open(`/`);
    await page.goto(`${guarded.url}/?${dataset}${selection}`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in with the token" }).click();
    await show(page);
    for (const [title, runner] of Object.entries(runners)) {
      const text = await snippet(page, title);
      expect(text).toContain("HANGAR_TOKEN");
      expect(text).not.toContain(token);
      expect([title, await runner(text)]).toEqual([title, part]);
    }
    await page.context().close();
  });
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
