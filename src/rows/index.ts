export { shownCells, textCells, type MendText } from "./cells.ts";
export type { Dictionaries } from "./dictionaries.ts";
export { encodeCsv, type CsvOptions } from "./encode-csv.ts";
export { encodeJson } from "./encode-json.ts";
export { encodeNdjson } from "./encode-ndjson.ts";
export { formatScalar, type ScalarFormat } from "./format-scalar.ts";
export { ticksPerSecond } from "./format-time.ts";
export { readParts, type StreamPart } from "./read-parts.ts";
export { readTextRows } from "./read-text-rows.ts";
