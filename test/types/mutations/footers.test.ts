import { join } from "node:path";
import { expect, test } from "vitest";
import { ensurePython } from "../../../scripts/python.ts";
import { startChild } from "../../support/child.ts";
import { startHangar } from "../../support/server.ts";

/*
 * Parquet files with one to three mutations each, by a seed: statistics, offsets, sizes, counts, names, key-value pairs,
 * types and page indexes. What Hangar reads of each is compared with what pyarrow and DuckDB read of the same file: schema,
 * all rows, rows from an offset, filtered rows. The verdicts, and what is in order:
 *
 * - `agree`: the values are pyarrow's (and the types too) or DuckDB's;
 * - `refused by all`, `refused with another`: the file contradicts itself;
 * - `refused alone`: a refusal that says why; there are few;
 * - `read alone`: pyarrow and DuckDB refuse statistics and column orders that they cannot believe, by which nothing is read.
 *   In order where the values are those that pyarrow reads of the same file without them;
 * - `silent`, `other types`, `parts`: a difference that nobody is told of. There is none.
 */

const fileCount = 2_000;
/** Of the refusals by Hangar alone. */
const refusedShareMax = 0.03;
/** Ends what hangs: it takes about three minutes. */
const limitMs = 900_000;

interface Finding {
  readonly seed: number;
  readonly verdict: string;
  readonly detail: string;
}

test(
  `${fileCount} mutated footers are read as pyarrow or DuckDB read them, or refused`,
  async () => {
    await using server = await startHangar();
    const support = join(import.meta.dirname, "../../support");
    const env = { PYTHONPATH: support, PYTHONDONTWRITEBYTECODE: "1" };
    const program = join(import.meta.dirname, "footers.py");
    await using child = startChild(await ensurePython(), [program, server.location, server.repo, `${fileCount}`], env);
    await child.exit(limitMs - 30_000);
    const lines = child.stdout().split("\n");
    const findings = lines.filter((line) => line.startsWith('{"seed"')).map((line) => JSON.parse(line) as Finding);
    const last = lines.findLast((line) => line.startsWith('{"verdicts"'));
    expect(last, child.output()).toBeDefined();
    const { verdicts } = JSON.parse(last!) as { verdicts: Record<string, number> };
    const differences = findings.filter(({ verdict }) => verdict !== "refused alone" && verdict !== "read alone");
    expect(differences).toEqual([]);
    expect(Object.values(verdicts).reduce((sum, count) => sum + count, 0)).toBe(fileCount);
    expect(verdicts["refused alone"] ?? 0).toBeLessThan(fileCount * refusedShareMax);
    expect(verdicts["agree"]).toBeGreaterThan(fileCount / 2);
  },
  limitMs,
);
