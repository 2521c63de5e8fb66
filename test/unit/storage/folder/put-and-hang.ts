/** A server's process in the middle of a put, to be killed: `put-and-hang.ts FOLDER NAME`. */
import { ParquetPool } from "../../../../src/parquet/index.ts";
import { openFolderStore } from "../../../support/folder-store.ts";
import { putFrames, silentStreamOf } from "../../../contract/calls.ts";
import { createTable, toPutFrames } from "../../../contract/tables.ts";

const [folder = "", name = ""] = process.argv.slice(2);
const store = await openFolderStore({ folder, pool: new ParquetPool({ workerCount: 1 }) });
process.stdout.write("ready\n");
// Keeps the process alive, as the sockets of a server would.
setInterval(() => {}, 1000);
await putFrames(store, silentStreamOf(toPutFrames([name], createTable(1))));
