/**
 * A server's process that many clients put one name to at once: `store-writers.ts FOLDER NAME FIRST COUNT`. Each
 * client puts a table of its own, of the seeds from FIRST on, several times, and until SIGTERM. The process prints
 * `writing` when it begins, and `done` when all puts were acknowledged.
 */
import { ParquetPool } from "../../src/parquet/index.ts";
import { openFolderStore } from "../support/folder-store.ts";
import { put } from "../contract/calls.ts";
import { createTable } from "../contract/tables.ts";

const [folder = "", name = "", first = "", count = ""] = process.argv.slice(2);
const putsMin = 4;

const over = new AbortController();
process.once("SIGTERM", () => over.abort());

const pool = new ParquetPool({ workerCount: 1 });
const store = await openFolderStore({ folder, pool });
const seeds = Array.from({ length: Number(count) }, (_, i) => Number(first) + i);
process.stdout.write("writing\n");
await Promise.all(
  seeds.map(async (seed) => {
    for (let i = 0; i < putsMin || !over.signal.aborted; i++) await put(store, name.split("/"), createTable(seed));
  }),
);
await store.close();
await pool.close();
process.stdout.write("done\n");
