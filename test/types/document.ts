import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";

const file = join(import.meta.dirname, "../../docs/types.md");

/** Where the second part begins: each is made by a test of its own. */
const secondHeading = "## Parquet's own types\n";

/**
 * Compares a part of docs/types.md with what a test has found; with HANGAR_WRITE_DOCS set, has it written.
 *
 * @param part - `arrow`: what stands before the types of Parquet's own; `parquet`: these
 */
export async function expectDocumented(part: "arrow" | "parquet", text: string): Promise<void> {
  const read = async (): Promise<{ arrow: string; parquet: string }> => {
    const document = await readFile(file, "utf8");
    const start = document.indexOf(secondHeading);
    const end = start < 0 ? document.length : start;
    return { arrow: document.slice(0, end), parquet: document.slice(end) };
  };
  if (process.env["HANGAR_WRITE_DOCS"]) {
    const { arrow, parquet } = await read();
    await writeFile(file, part === "arrow" ? text + parquet : arrow + text);
  }
  expect((await read())[part]).toBe(text);
}
