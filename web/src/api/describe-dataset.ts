import { createCommandDescriptor, createPathDescriptor } from "hangar";
import { decodeSchema, decodeSchemaMessage, encodeCommand, toFlightError, type Schema } from "hangar/flight";
import { catalog, flight } from "./client.ts";
import { findNested, type NestedColumns } from "../selection/column-fields.ts";
import { toMs } from "./to-ms.ts";

/** What is known of a dataset before its rows are read. */
export interface DatasetDescription {
  readonly name: string;
  readonly schema: Schema;
  /** Fields of its structs, which can be read as columns too. */
  readonly nested: NestedColumns;
  /** Undefined where the server does not know. */
  readonly rowCount: number | undefined;
  /** As stored; undefined where the server does not know. */
  readonly byteLength: number | undefined;
  /** In milliseconds since 1970; undefined where the server does not tell. */
  readonly changedMs: number | undefined;
  /** Whether the server sends some columns and rows of a dataset; others send it from its beginning, whole. */
  readonly hasSelections: boolean;
}

/** Describes a dataset. Throws NOT_FOUND where there is none of the name. */
export async function describeDataset(name: string, signal: AbortSignal): Promise<DatasetDescription> {
  const path = name.split("/");
  const [info, stored, hasSelections] = await Promise.all([
    flight.getFlightInfo(createPathDescriptor(path), { signal }),
    catalog.get(name, { signal }).catch(ignoreUnimplemented),
    takesCommands(name, signal),
  ]);
  const schema = decodeSchema(decodeSchemaMessage(info.schema));
  return {
    name,
    schema,
    nested: findNested(schema.fields),
    rowCount: toCount(info.totalRecords),
    byteLength: toCount(stored?.dataset?.bytes ?? info.totalBytes),
    changedMs: toMs(stored?.dataset?.changed),
    hasSelections,
  };
}

/** A server that knows nothing of Hangar's commands fails on one, each in its own way. */
async function takesCommands(dataset: string, signal: AbortSignal): Promise<boolean> {
  const command = encodeCommand({ dataset, limit: 0 });
  try {
    await flight.getFlightInfo(createCommandDescriptor(command), { signal });
    return true;
  } catch (reason) {
    const { code } = toFlightError(reason);
    if (code === "unavailable" || code === "cancelled") throw reason;
    return false;
  }
}

function ignoreUnimplemented(reason: unknown): undefined {
  if (toFlightError(reason).code !== "unimplemented") throw reason;
}

/** A server that does not know says -1, as Flight has it. */
export function toCount(value: bigint): number | undefined {
  return value < 0n ? undefined : Number(value);
}
