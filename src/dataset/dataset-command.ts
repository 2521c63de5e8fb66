import { parseDatasetName, type DatasetName } from "./dataset-name.ts";
import { JsonFields } from "./json-fields.ts";
import { commandBytesMax, endpointCountMax } from "../flight/index.ts";

/*
 * What a descriptor of type CMD may hold: one JSON object in UTF-8. It is the opt-in to what a path cannot say;
 * the recipe's contract, a path for a whole dataset, stays the default.
 */

/** How a condition of a filter compares. */
export type FilterOperator = (typeof filterOperators)[number];

/** The operators of a filter's conditions. */
export const filterOperators = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "not in",
  "is null",
  "is not null",
  "starts with",
] as const;

/** A value that a condition compares with: of a type beside JSON's own, a string as `docs/rows.md` has it. */
export type FilterValue = string | number | boolean;

/** A condition of a filter, as JSON has it. */
export interface FilterCondition {
  /** A column's name, or the names down to a field of a struct. */
  readonly column: string | readonly string[];
  readonly op: FilterOperator;
  /** One value, or a list for `in` and `not in`; left out for `is null` and `is not null`. */
  readonly value?: FilterValue | readonly FilterValue[];
}

/** What rows must be like: text such as `fare > 10 and vendor in ('CMT')`, or conditions that must all be met. */
export type FilterInput = string | readonly FilterCondition[];

/** Columns and rows of a dataset. */
export interface DatasetSelection {
  /** The dataset's name: the segments of its path, joined by `/`. */
  readonly dataset: string;
  /** Columns at the top level, by name; all where left out. They come in the dataset's order, whatever the order here. */
  readonly columns?: readonly string[] | undefined;
  /** Which rows are meant; all where left out. What it says is checked where the dataset's columns are known. */
  readonly filter?: FilterInput | undefined;
  /** Rows of those to skip; 0 where left out. Past the end there are none, as in SQL. */
  readonly offset?: number | undefined;
  /** Rows at most; all where left out. */
  readonly limit?: number | undefined;
}

/** A flight that a client asks for. */
export interface FlightCommand extends DatasetSelection {
  /** How many endpoints to read from in parallel, 1 to `endpointCountMax`, at most; 1 where left out. */
  readonly endpoints?: number | undefined;
  /** Whether endpoints are to name, beside Flight, where they are fetched by plain HTTP; not where left out. */
  readonly files?: boolean | undefined;
}

/** What becomes of a dataset of the same name: `replace` puts in its place, `create` refuses with ALREADY_EXISTS. */
export type PutMode = "create" | "replace";

/** A put that a client asks for. */
export interface PutCommand {
  /** The dataset's name: the segments of its path, joined by `/`. */
  readonly dataset: string;
  /** `replace` where left out. */
  readonly mode?: PutMode | undefined;
  /** The rows that are put: a put of another number is refused. Not checked where left out. */
  readonly rowCount?: number | undefined;
}

/** The modes of a put. */
export const putModes: readonly PutMode[] = ["create", "replace"];

const rowCountRange = { min: 0, max: Number.MAX_SAFE_INTEGER };

/** What a server takes out of a command: its name has been checked. */
export type Checked<T extends { readonly dataset: string }> = T & { readonly dataset: DatasetName };

/** Encodes a command for `createCommandDescriptor`; what is undefined is left out. Checks nothing: the server does. */
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
  const endpoints = fields.optionalInteger("endpoints", { min: 1, max: endpointCountMax });
  const files = fields.optionalBoolean("files");
  fields.end();
  return { ...selection, endpoints, files };
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
  const rowCount = fields.optionalInteger("rowCount", rowCountRange);
  fields.end();
  return { dataset, mode, rowCount };
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
    filter: fields.optionalTextOrList("filter") as FilterInput | undefined,
    offset: fields.optionalInteger("offset", rowCountRange),
    limit: fields.optionalInteger("limit", rowCountRange),
  };
}
