import {
  Compression,
  EnabledStatistics,
  Table as WasmTable,
  writeParquet,
  WriterPropertiesBuilder,
  type WriterProperties,
} from "parquet-wasm";
import { tableFromArrays, tableToIPC } from "apache-arrow";

/*
 * What parquet-wasm alone takes for a row group of many columns, in CPU time, with more and more of what it can do:
 * `node bench/encode-columns.ts [COLUMNS] [ROWS]`. docs/performance-history.md has the results.
 */
const [columnCount = 5000, rowCount = 940] = process.argv.slice(2).map(Number);
const rounds = 9;

/** As in bench/client.py: three columns of floats and large integers, and one of a hundred values. */
function makeColumn(index: number): Float64Array | Int32Array {
  return index % 4 === 1
    ? Int32Array.from({ length: rowCount }, () => Math.floor(Math.random() * 100))
    : Float64Array.from({ length: rowCount }, () => Math.random());
}

const names = Array.from({ length: columnCount }, (_, i) => `feature_${i}`);
const table = tableFromArrays(Object.fromEntries(names.map((name, i) => [name, makeColumn(i)])));
const stream = tableToIPC(table, "stream");

const plain = (): WriterPropertiesBuilder =>
  new WriterPropertiesBuilder().setDictionaryEnabled(false).setCompression(Compression.UNCOMPRESSED);
const settings: Readonly<Record<string, () => WriterProperties>> = {
  "plain values": () => plain().setStatisticsEnabled(EnabledStatistics.None).build(),
  "and statistics of chunks": () => plain().setStatisticsEnabled(EnabledStatistics.Chunk).build(),
  "and statistics of pages": () => plain().build(),
  "and Snappy": () => plain().setCompression(Compression.SNAPPY).build(),
  "and dictionaries of a quarter of the columns": () =>
    names
      .filter((_, i) => i % 4 === 1)
      .reduce(
        (builder, name) => builder.setColumnDictionaryEnabled(name, true),
        plain().setCompression(Compression.SNAPPY),
      )
      .build(),
};

for (const [title, makeProperties] of Object.entries(settings)) {
  const samples = Array.from({ length: rounds }, () => measure(makeProperties())).toSorted((a, b) => a - b);
  process.stdout.write(`${title}: ${samples[rounds >> 1]!.toFixed(0)} ms\n`);
}

function measure(properties: WriterProperties): number {
  const wasmTable = WasmTable.fromIPCStream(stream);
  const start = process.cpuUsage();
  writeParquet(wasmTable, properties);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
