import { createCommandDescriptor, createPathDescriptor } from "hangar";
import { decodeSchema, decodeSchemaMessage, encodeCommand, toFlightError, type Schema } from "hangar/flight";
import { catalog, flight } from "./client.ts";
import { fileUrl } from "./file-url.ts";

/** What is known of a dataset before its rows are read. */
export interface DatasetDescription {
  readonly name: string;
  readonly schema: Schema;
  /** Undefined where the server does not know. */
  readonly rowCount: number | undefined;
  /** As stored; undefined where the server does not know. */
  readonly byteLength: number | undefined;
  /** In milliseconds since 1970; undefined where the server does not tell. */
  readonly changedMs: number | undefined;
  /** Whether the server sends some columns and rows of a dataset; others send it from its beginning, whole. */
  readonly hasSelections: boolean;
  /** Whether the server has it as a file over HTTP. */
  readonly hasFile: boolean;
}

/** Describes a dataset. Throws NOT_FOUND where there is none of the name. */
export async function describeDataset(name: string, signal: AbortSignal): Promise<DatasetDescription> {
  const path = name.split("/");
  const [info, stored, hasSelections, hasFile] = await Promise.all([
    flight.getFlightInfo(createPathDescriptor(path), { signal }),
    catalog.get(name, { signal }).catch(ignoreUnimplemented),
    takesCommands(name, signal),
    fetch(fileUrl(name), { method: "HEAD", signal }).then(
      ({ ok }) => ok,
      () => false,
    ),
  ]);
  const changed = stored?.dataset?.changed;
  return {
    name,
    schema: decodeSchema(decodeSchemaMessage(info.schema)),
    rowCount: info.totalRecords < 0n ? undefined : Number(info.totalRecords),
    byteLength: info.totalBytes < 0n ? undefined : Number(info.totalBytes),
    changedMs: changed && Number(changed.seconds) * 1000 + changed.nanos / 1e6,
    hasSelections,
    hasFile,
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
