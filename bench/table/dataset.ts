import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../../scripts/apt.ts";
import { ensureCachedFolder } from "../../scripts/cached-folder.ts";
import { ensurePython } from "../../scripts/python.ts";

/** Rows of the table. */
export const rowCount = 3_000_000;

/** Returns the path of the table as a Parquet file of pyarrow. The first call writes it, in 15 s, with 650 MB. */
export async function ensureTable(): Promise<string> {
  const program = join(import.meta.dirname, "rides.py");
  const hash = createHash("sha256")
    .update(await readFile(program))
    .digest("hex")
    .slice(0, 16);
  const folder = await ensureCachedFolder({
    name: `bench-rides-${hash}`,
    title: "the table of the bench",
    async build(draft) {
      await mustRun(await ensurePython(), [program, join(draft, "rides.parquet"), String(rowCount)]);
    },
  });
  return join(folder, "rides.parquet");
}
