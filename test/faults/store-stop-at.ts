/**
 * A server's process that stops in the middle of a put, to be killed there: `store-stop-at.ts FOLDER NAME MODE STEP`.
 *
 * It puts the table of seed 2, and a larger one to stop at a write. A step is a call of the file system before it is
 * made, counted from the beginning of the put: `open 1`, `sync 2`, `rename 1`, …. A put that comes to its end says
 * `acknowledged`, and stays.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [folder = "", name = "", mode = "", step = ""] = process.argv.slice(2);
const counts = new Map<string, number>();
let isCounting = false;

/** Counts a call, and stays in it where it is the one to stop at. */
async function arrive(call: string): Promise<void> {
  if (!isCounting) return;
  const count = (counts.get(call) ?? 0) + 1;
  counts.set(call, count);
  if (step !== `${call} ${count}`) return;
  process.stdout.write(`at ${step}\n`);
  await new Promise(() => {});
}

function stopIn(owner: object, call: string, onResult: (result: unknown) => void = () => {}): void {
  const original = Reflect.get(owner, call) as (...args: unknown[]) => unknown;
  Reflect.set(owner, call, async function (this: unknown, ...args: unknown[]) {
    await arrive(call);
    const result = await Reflect.apply(original, this, args);
    onResult(result);
    return result;
  });
}

for (const call of ["mkdir", "rename", "link", "rm"]) stopIn(fs.promises, call);
syncBuiltinESMExports();

// Imported only now: what they import of the file system is what stands above.
const { Disk } = await import("../../src/storage/folder/disk.ts");
stopIn(Disk.prototype, "open", (file) => {
  for (const call of ["write", "sync"]) stopIn(file as object, call);
});
const { ParquetPool } = await import("../../src/parquet/index.ts");
const { openFolderStore } = await import("../support/folder-store.ts");
const { createTestContext } = await import("../contract/call-context.ts");
const { collect, streamOf } = await import("../contract/calls.ts");
const { createTable, toPutFrames } = await import("../contract/tables.ts");

const store = await openFolderStore({ folder, pool: new ParquetPool({ workerCount: 1 }) });
// Keeps the process alive, as the sockets of a server would.
setInterval(() => {}, 1000);
const context = createTestContext();
context.requestHeader.set("hangar-put-mode", mode);
const table = step.startsWith("write") ? createTable(2, { batchCount: 2, rowCountPerBatch: 50_000 }) : createTable(2);
isCounting = true;
await collect(store.doPut!(context, streamOf(toPutFrames(name.split("/"), table))));
process.stdout.write("acknowledged\n");
