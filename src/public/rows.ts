/**
 * Arrow data as text: NDJSON, CSV, and the cells of a table.
 *
 * @module hangar/rows
 */
export {
  encodeCsv,
  encodeNdjson,
  formatScalar,
  readParts,
  readTextRows,
  shownCells,
  textCells,
  ticksPerSecond,
  type CsvOptions,
  type Dictionaries,
  type MendText,
  type ScalarFormat,
  type StreamPart,
} from "../rows/index.ts";
