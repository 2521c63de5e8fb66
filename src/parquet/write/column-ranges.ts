import { encodeSchema, type Field } from "../../arrow/index.ts";
import { createFrame, type FlightFrame } from "../../flight/index.ts";
import { encodedColumnsMax } from "./limits.ts";
import type { StorableSchema } from "./storable.ts";

/** Consecutive columns of a table, which are encoded by themselves. */
export interface ColumnRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** The schema of these columns, the first frame of their IPC streams. */
  readonly schemaFrame: FlightFrame;
  /** The dictionaries of these columns, including nested ones. */
  readonly dictionaryIds: ReadonlySet<bigint>;
}

/**
 * Divides the columns of a table into ranges of about the same number of columns, at most `encodedColumnsMax`.
 *
 * @param countMin - the number of ranges, if there are so many columns; more if they are too large
 */
export function divideColumns({ header, schema }: StorableSchema, countMin = 1): ColumnRange[] {
  const { fields } = schema;
  const count = Math.max(1, Math.ceil(fields.length / encodedColumnsMax), Math.min(countMin, fields.length));
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * fields.length) / count);
    const end = Math.floor(((i + 1) * fields.length) / count);
    const own = fields.slice(start, end);
    return {
      start,
      end,
      schemaFrame: createFrame({ header: count === 1 ? header : encodeSchema({ ...schema, fields: own }) }),
      dictionaryIds: new Set(own.flatMap(dictionaryIdsOf)),
    };
  });
}

function dictionaryIdsOf({ dictionary, children }: Field): bigint[] {
  return [...(dictionary ? [dictionary.id] : []), ...children.flatMap(dictionaryIdsOf)];
}
