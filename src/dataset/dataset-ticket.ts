import { readSelection, type Checked, type DatasetSelection } from "./dataset-command.ts";
import { datasetNameFromBytes } from "./dataset-name.ts";
import { JsonFields } from "./json-fields.ts";
import { ticketBytesMax } from "./limits.ts";

/** The content of a ticket. It grants no rights: it is checked like a request. */
export interface DatasetTicket extends DatasetSelection {
  /** The id of the required version; any version if it is omitted. */
  readonly version?: string | undefined;
  /** The rows that the filter is asked about, counted before it; all where left out. */
  readonly rows?: { readonly offset: number; readonly limit: number } | undefined;
}

/** No dataset's name begins with a dot, so no name is taken for such a ticket. */
const prefix = ".part:";

/** Encodes the ticket of a part of a dataset. */
export function encodePartTicket({ rows, ...part }: DatasetTicket): Uint8Array<ArrayBuffer> {
  const fields = { ...part, ...(rows && { rowsOffset: rows.offset, rowsLimit: rows.limit }) };
  return new TextEncoder().encode(prefix + JSON.stringify(fields));
}

/**
 * Decodes a ticket: of a part, or, as in the recipe, the name of a whole dataset. Clients may send any bytes.
 *
 * @throws FlightError INVALID_ARGUMENT if it is neither
 */
export function decodeTicket(ticket: Uint8Array): Checked<DatasetTicket> {
  const isPart = new TextDecoder().decode(ticket.subarray(0, prefix.length)) === prefix;
  if (!isPart) return { dataset: datasetNameFromBytes(ticket) };
  const fields = new JsonFields({ bytes: ticket.subarray(prefix.length), what: "ticket", bytesMax: ticketBytesMax });
  const selection = readSelection(fields);
  const version = fields.string("version");
  const bounds = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const rowsOffset = fields.optionalInteger("rowsOffset", bounds);
  const rowsLimit = fields.optionalInteger("rowsLimit", bounds);
  fields.end();
  const rows = rowsLimit === undefined ? undefined : { offset: rowsOffset ?? 0, limit: rowsLimit };
  return { ...selection, version, ...(rows && { rows }) };
}
