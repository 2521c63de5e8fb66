import { asyncBufferFromUrl, parquetReadObjects } from "hyparquet";

/* Reads the first rows of the file with hyparquet, as many as the web app reads at first. */

const columns = new URLSearchParams(location.search).get("columns")?.split(",").filter(Boolean) ?? [];
const file = await asyncBufferFromUrl({ url: "/file" });
const selection = { rowStart: 0, rowEnd: 128, useOffsetIndex: true, ...(columns.length > 0 && { columns }) };
const rows = await parquetReadObjects({ file, ...selection });
if (rows.length !== 128) throw new Error(`${rows.length} rows were read`);
globalThis.readMs = performance.now();
