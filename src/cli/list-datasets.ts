import { timestampDate } from "@bufbuild/protobuf/wkt";
import { decodeSchema, decodeSchemaMessage } from "../arrow/index.ts";
import type { DatasetInfo } from "../client/index.ts";
import { compileGlob } from "../dataset/index.ts";
import { FlightError } from "../flight/index.ts";
import type { ClientCall } from "./client-call.ts";
import type { ListedDataset } from "./dataset-tree.ts";
import { escapePattern, isPattern, toListPattern } from "./name-pattern.ts";
import { explainMissing } from "./suggest-name.ts";

/**
 * Lists datasets.
 *
 * @param pattern - a glob pattern; or a name, which is also a folder's
 * @throws FlightError of the server; INVALID_ARGUMENT if the pattern is not valid
 */
export async function listDatasets(call: ServerCall, pattern = ""): Promise<ListedDataset[]> {
  return (await listInfos(call, pattern)).map(toListed);
}

async function listInfos({ client, signal }: ServerCall, pattern: string): Promise<DatasetInfo[]> {
  const glob = toListPattern(pattern);
  const matches = compileGlob(glob);
  const infos: DatasetInfo[] = [];
  for await (const info of client.list(glob, { signal })) {
    // Only Hangar servers know patterns.
    if (matches(info.name.normalize("NFC"))) infos.push(info);
  }
  return infos;
}

function toListed({ name, rowCount, byteLength }: DatasetInfo): ListedDataset {
  return { name, rows: rowCount, bytes: byteLength };
}

/** Lists datasets with the times of their last change, which only Hangar servers know. */
export async function listWithChanges(call: ServerCall, pattern = ""): Promise<ListedDataset[]> {
  const datasets: ListedDataset[] = [];
  try {
    for await (const each of call.client.datasets.list(toListPattern(pattern), {
      signal: call.signal,
      pageSize: 1000,
    })) {
      const { name, columns, changed } = each;
      const [rows, bytes] = [toCount(each.rows), toCount(each.bytes)];
      datasets.push({ name, rows, bytes, columns, changed: changed && timestampDate(changed).toISOString() });
    }
    return datasets;
  } catch (reason) {
    if (!(reason instanceof FlightError && reason.code === "unimplemented")) throw reason;
    return (await listInfos(call, pattern)).map((info) => ({ ...toListed(info), columns: columnsOf(info) }));
  }
}

function columnsOf({ flight }: DatasetInfo): number {
  return decodeSchema(decodeSchemaMessage(flight.schema)).fields.length;
}

/** A server, and a signal that ends its calls. */
export type ServerCall = Pick<ClientCall, "client" | "signal">;

/**
 * Returns the names of the datasets that arguments name. A glob pattern stands for all datasets that it matches, unless
 * a dataset has it as its name.
 *
 * @throws FlightError NOT_FOUND if a pattern matches nothing; errors of the server
 */
export async function resolveNames(call: ServerCall, args: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const arg of args) names.push(...(isPattern(arg) ? await matchNames(call, arg) : [arg]));
  return [...new Set(names)];
}

async function matchNames(call: ServerCall, pattern: string): Promise<string[]> {
  const [exact] = await listDatasets(call, escapePattern(pattern));
  if (exact) return [exact.name];
  const names = (await listDatasets(call, pattern)).map(({ name }) => name);
  if (names.length > 0) return names;
  const reason = new FlightError("not_found", `no dataset matches ${JSON.stringify(pattern)}`);
  throw await explainMissing(call, pattern, reason);
}

function toCount(count: bigint): number | undefined {
  return count < 0n ? undefined : Number(count);
}
