import { parseDatasetName, type DatasetName } from "./dataset-name.ts";
import { JsonFields } from "./json-fields.ts";
import type { FilterInput } from "../filter/index.ts";
import { commandBytesMax, FlightError } from "../flight/index.ts";
import { endpointCountMax } from "./limits.ts";

/*
 * The command in a descriptor of type CMD: one JSON object in UTF-8. It selects what a path cannot express. Without it,
 * a path selects a whole dataset, as in the recipe.
 */

/** A selection of columns and rows of a dataset. */
export interface DatasetSelection {
  /** The name of the dataset: the segments of its path, joined by `/`. */
  readonly dataset: string;
  /** Names of top-level columns; all columns by default. The result has them in the dataset's order. */
  readonly columns?: readonly string[] | undefined;
  /** The filter for rows; all rows by default. The server checks it against the dataset's columns. */
  readonly filter?: FilterInput | undefined;
  /** The number of filtered rows to skip; 0 by default. An offset past the end selects no rows, as in SQL. */
  readonly offset?: number | undefined;
  /** The maximum number of rows; unlimited by default. */
  readonly limit?: number | undefined;
}

/** The command of a descriptor that requests a flight. */
export interface FlightCommand extends DatasetSelection {
  /**
   * The maximum number of endpoints, for parallel reads: 1 to `endpointCountMax`; 1 by default. With `files`, each file of
   * a folder has an endpoint of its own.
   */
  readonly endpoints?: number | "files" | undefined;
  /** Whether endpoints also have locations for plain HTTP; false by default. */
  readonly files?: boolean | undefined;
}

/** The effect of a commit on a dataset of the same name: `replace` replaces it, `create` fails with ALREADY_EXISTS. */
export type CommitMode = "create" | "replace";

/** The mode of a put: that of its commit, or `append`, which creates one more dataset in the folder of the given name. */
export type PutMode = CommitMode | "append";

/** The command of a descriptor that starts a put. */
export interface PutCommand {
  /** The name of the dataset, or of the folder for an append: the segments of its path, joined by `/`. */
  readonly dataset: string;
  /** The put mode; `replace` by default. */
  readonly mode?: PutMode | undefined;
  /** Identifies an append, so that it can be repeated (see `appendedName`). Random by default. */
  readonly id?: string | undefined;
  /** The declared number of rows. A put with another number of rows fails. Not checked by default. */
  readonly rowCount?: number | undefined;
}

/** The modes of a put. */
export const putModes: readonly PutMode[] = ["create", "replace", "append"];

const rowCountRange = { min: 0, max: Number.MAX_SAFE_INTEGER };

/** A command whose dataset name has been checked. */
export type Checked<T extends { readonly dataset: string }> = T & { readonly dataset: DatasetName };

/** Encodes a command as JSON for `createCommandDescriptor`. Undefined fields are omitted. The server checks the command. */
export function encodeCommand(command: FlightCommand | PutCommand): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(command));
}

/**
 * Reads the command of a flight. Whether the dataset has the columns is not known here.
 *
 * @throws FlightError INVALID_ARGUMENT that names the field: unknown, of a wrong type, out of range, or with a
 * column twice
 */
export function decodeFlightCommand(bytes: Uint8Array): Checked<FlightCommand> {
  const fields = new JsonFields({ bytes, what: "command", bytesMax: commandBytesMax });
  const selection = readSelection(fields);
  const endpoints = fields.optionalIntegerOr("endpoints", "files", { min: 1, max: endpointCountMax });
  const files = fields.optionalBoolean("files");
  fields.end();
  const command = { ...selection, endpoints, files };
  assertDividesByFile(command);
  return command;
}

/** @throws FlightError INVALID_ARGUMENT if each file is to have an endpoint, but matching rows are counted over all files */
function assertDividesByFile({ endpoints, filter, offset, limit, files }: FlightCommand): void {
  if (endpoints !== "files" || filter === undefined) return;
  const refuse = (field: string, why: string): never => {
    const words = `the command's "endpoints" cannot be "files" with a "filter" and "${field}", because ${why}`;
    throw new FlightError("invalid_argument", words);
  };
  if (offset !== undefined) refuse("offset", "matching rows are counted over all files");
  if (limit !== undefined) refuse("limit", "matching rows are counted over all files");
  if (files) refuse("files", "a URL cannot apply the filter to one file");
}

/**
 * Reads the command of a put.
 *
 * @throws FlightError INVALID_ARGUMENT that names the field
 */
export function decodePutCommand(bytes: Uint8Array): Checked<PutCommand> {
  const fields = new JsonFields({ bytes, what: "command", bytesMax: commandBytesMax });
  const dataset = parseDatasetName(fields.string("dataset"));
  const mode = fields.optionalChoice("mode", putModes);
  const id = fields.optionalString("id");
  const rowCount = fields.optionalInteger("rowCount", rowCountRange);
  fields.end();
  return { dataset, mode, id, rowCount };
}

/**
 * Reads the fields that select columns and rows, and leaves the others.
 *
 * @throws FlightError INVALID_ARGUMENT that names the field
 */
export function readSelection(fields: JsonFields): Checked<DatasetSelection> {
  return {
    dataset: parseDatasetName(fields.string("dataset")),
    columns: fields.optionalDistinctStrings("columns"),
    filter: fields.optionalTextOrJson("filter") as FilterInput | undefined,
    offset: fields.optionalInteger("offset", rowCountRange),
    limit: fields.optionalInteger("limit", rowCountRange),
  };
}
