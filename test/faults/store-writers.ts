/**
 * A server's process that many clients put one name to at once: `store-writers.ts FOLDER NAME FIRST COUNT`. Each
 * client puts a table of its own, of the seeds from FIRST on, several times. The process prints `done` when all puts
 * were acknowledged.
 */
import { ParquetPool } from "../../src/parquet/index.ts";
import { openFolderStore } from "../support/folder-store.ts";
import { put } from "../contract/calls.ts";
import { createTable } from "../contract/tables.ts";

const [folder = "", name = "", first = "", count = ""] = process.argv.slice(2);
const putsPerClient = 4;

const pool = new ParquetPool({ workerCount: 1 });
const store = await openFolderStore({ folder, pool });
const seeds = Array.from({ length: Number(count) }, (_, i) => Number(first) + i);
await Promise.all(
  seeds.map(async (seed) => {
    for (let i = 0; i < putsPerClient; i++) await put(store, name.split("/"), createTable(seed));
  }),
);
await store.close();
await pool.close();
process.stdout.write("done\n");
