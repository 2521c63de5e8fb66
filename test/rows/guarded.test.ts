import { createReadStream } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { readIpcStream } from "../../src/arrow/index.ts";
import { encodeCsv, type CsvOptions } from "../../src/rows/index.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";

test("CSV for spreadsheets guards what may be a formula, by type, in every layout", async () => {
  await using folder = await createTemporaryFolder();
  await using child = startChild(await ensurePython(), [join(import.meta.dirname, "guarded.py"), folder.path]);
  expect(await child.exit(), child.output()).toMatchObject({ exitCode: 0 });
  const csvOf = async (options?: CsvOptions): Promise<string> =>
    (await buffer(encodeCsv(readIpcStream(createReadStream(join(folder.path, "guarded.arrows"))), options))).toString();

  const texts = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", '""', "", "a=1", "'=1"];
  const toCsv = (guard: string): string => {
    const guarded = (text: string): string => {
      const cell = /^[=+\-@\t\r]/.test(text) ? guard + text : text;
      return cell.includes("\r") ? `"${cell}"` : cell;
    };
    const lines = texts.map((text, i) => {
      const cell = guarded(text);
      const union = i < 8 ? cell : String(i - 5);
      return [cell, cell, cell, cell, union, cell, `${guard}+gAA`, i - 5, "-0.5", '"[""=1""]"'].join(",");
    });
    const names = `${guard}=text,large,view,words,union,runs,bytes,${guard}-number,float,list`;
    return `${[names, ...lines].join("\n")}\n`;
  };
  expect(await csvOf()).toBe(toCsv(""));
  expect(await csvOf({ guard: "formulas" })).toBe(toCsv("'"));
  expect(await csvOf({ guard: "formulas", bom: true })).toBe(`\uFEFF${toCsv("'")}`);
});
