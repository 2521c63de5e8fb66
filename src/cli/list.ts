import { Readable } from "node:stream";
import { Bool, Float64, Table, Utf8, vectorFromArray, type DataType } from "apache-arrow";
import { toFrames, type DatasetInfo } from "../client/index.ts";
import { decodeSchema, decodeSchemaMessage, formatType, type Field } from "../arrow/index.ts";
import { FlightError } from "../flight/index.ts";
import { callServer, type ClientCall } from "./client-call.ts";
import type { ClientFlags } from "./client-flags.ts";
import { encodeOutput } from "./formats.ts";
import { formatAmount } from "./format-amount.ts";
import { drawTree, type ListedDataset, type TreeLine } from "./dataset-tree.ts";
import { listDatasets, listWithChanges } from "./list-datasets.ts";
import { isPattern } from "./name-pattern.ts";
import type { RowFormat } from "./row-formats.ts";
import { explainMissing, withSuggestion } from "./suggest-name.ts";
import { formatTable, type TablePlace } from "./table-text.ts";
import { assertPrintable, TerminalTable } from "./terminal-table.ts";
import { writeOutput } from "./write-output.ts";

/** The flags of `hangar info` and `schema`. */
export interface ListFlags extends ClientFlags {
  readonly format?: RowFormat;
}

/** The flags of `hangar ls`. */
export interface LsFlags extends ListFlags {
  readonly long?: boolean;
  readonly tree?: boolean;
  readonly depth?: number;
}

/** Runs `hangar ls`. */
export async function ls(pattern: string | undefined, flags: LsFlags): Promise<void> {
  await callServer(flags, async (call) => {
    const datasets = await (flags.long ? listWithChanges(call, pattern) : listDatasets(call, pattern));
    await assertFound(call, pattern, datasets.length);
    const place = placeOf(flags, call);
    if (flags.tree) await printTree(drawTree(datasets, flags.depth), flags, place);
    else await print(flags.long ? longTypes : summaryTypes, datasets.map(toRow), place);
  });
}

/** Runs `hangar info`. */
export async function info(name: string, flags: ListFlags): Promise<void> {
  await callServer(flags, async (call) => {
    const found = await infoOf(call, name);
    const row = { ...summaryOf(found), columns: fieldsOf(found).length, locations: locationsOf(found) };
    const types = { ...summaryTypes, columns: new Float64(), locations: new Utf8() };
    // Prints one row: an object, not a list with one object.
    const format = flags.format ?? (flags.json === true ? "ndjson" : "table");
    await print(types, [row], { ...placeOf(flags, call), format });
  });
}

/** Runs `hangar schema`. */
export async function schema(name: string, flags: ListFlags): Promise<void> {
  await callServer(flags, async (call) => {
    const fields = fieldsOf(await infoOf(call, name));
    const rows = fields.map((field) => ({ name: field.name, type: formatType(field), nullable: field.nullable }));
    const types = { name: new Utf8(), type: new Utf8(), nullable: new Bool() };
    await print(types, rows, placeOf(flags, call));
  });
}

async function infoOf(call: ClientCall, name: string): Promise<DatasetInfo> {
  return await withSuggestion(call, name, () => call.client.info(name, { signal: call.signal }));
}

/** A pattern may match nothing, but a name or a folder that does not exist is an error. */
async function assertFound(call: ClientCall, pattern: string | undefined, count: number): Promise<void> {
  if (count > 0 || !pattern || isPattern(pattern)) return;
  const reason = new FlightError("not_found", `there is no dataset and no folder ${JSON.stringify(pattern)}`);
  throw await explainMissing(call, pattern, reason);
}

type Row = Readonly<Record<string, string | number | boolean | undefined>>;

const summaryTypes = { name: new Utf8(), rows: new Float64(), bytes: new Float64() };
const longTypes = { ...summaryTypes, columns: new Float64(), changed: new Utf8() };

function toRow({ name, rows, bytes, columns, changed }: ListedDataset): Row {
  return { name, rows, bytes, columns, changed };
}

/** Prints a tree. Its branches are only in a table: the other formats have whole names. */
async function printTree(lines: readonly TreeLine[], { long }: LsFlags, place: PrintPlace): Promise<void> {
  const rows = lines.map((line) => ({
    ...toRow(line),
    datasets: line.datasets,
    ...(place.format === "table" && { name: line.drawn }),
  }));
  const { name, ...counts } = long ? longTypes : summaryTypes;
  await print({ name, datasets: new Float64(), ...counts }, rows, place);
}

function summaryOf({ name, rowCount, byteLength }: DatasetInfo): Row {
  return { name, rows: rowCount, bytes: byteLength };
}

function fieldsOf({ flight }: DatasetInfo): readonly Field[] {
  return decodeSchema(decodeSchemaMessage(flight.schema)).fields;
}

function locationsOf({ flight }: DatasetInfo): string {
  return [...new Set(flight.endpoint.flatMap(({ location }) => location.map(({ uri }) => uri)))].join(" ");
}

function placeOf({ format, json, quiet }: ListFlags, { signal }: ClientCall): PrintPlace {
  return { format: format ?? (json === true ? "json" : "table"), signal, quiet };
}

interface PrintPlace {
  readonly format: RowFormat;
  readonly signal: AbortSignal;
  readonly quiet: boolean | undefined;
}

/** Prints a list as a table, or as Arrow data. For Arrow data, the other formats have the same encoders as rows. */
async function print(
  types: Readonly<Record<string, DataType>>,
  rows: readonly Row[],
  { format, signal, quiet }: PrintPlace,
): Promise<void> {
  if (format === "table") {
    const place = new TerminalTable();
    await writeOutput(Readable.from([toTable(types, rows, place)]), undefined, signal);
    if (quiet !== true) place.sayHidden("use --format csv");
    return;
  }
  assertPrintable(format);
  const columns = Object.entries(types).map(([name, type]) => [
    name,
    vectorFromArray(
      rows.map((row) => row[name] ?? null),
      type,
    ),
  ]);
  const frames = toFrames(new Table(Object.fromEntries(columns)));
  await writeOutput(encodeOutput(frames, format, { path: undefined, signal }), undefined, signal);
}

function toTable(types: Readonly<Record<string, DataType>>, rows: readonly Row[], place: TablePlace): string {
  const columns = Object.entries(types).map(([name, type]) => ({
    name,
    isNumber: type instanceof Float64,
    flows: type instanceof Utf8 && name !== "changed",
  }));
  const toCell = (name: string, value: Row[string]): string | null => {
    if (value === undefined) return null;
    if (name === "changed") return formatTime(String(value));
    return name === "bytes" ? formatAmount(Number(value), "bytes") : String(value);
  };
  const cells = rows.map((row) => columns.map(({ name }) => toCell(name, row[name])));
  return formatTable(columns, cells, place);
}

/** Formats a time of ISO 8601 to the second, in UTC. */
function formatTime(time: string): string {
  return `${time.slice(0, 19).replace("T", " ")}Z`;
}
