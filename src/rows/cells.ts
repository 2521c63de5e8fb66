import { FlightError, quoteName } from "../flight/index.ts";
import {
  bytesTextOf,
  readIndices,
  readPlaces,
  readOffsets,
  readScalars,
  readValidity,
  type ArrayView,
  type ElementReader,
  type Field,
} from "../arrow/index.ts";
import type { Dictionaries } from "./dictionaries.ts";
import { formatScalar } from "./format-scalar.ts";

/** How values are written as JSON. */
interface JsonStyle {
  readonly dictionaries: Dictionaries;
  /** Whether 64-bit integers and decimals are numbers, and not strings. */
  readonly areNumbersBare: boolean;
}

function jsonCells(array: ArrayView, style: JsonStyle): ElementReader<string> {
  const write = jsonValues(array, style);
  const isValid = readValidity(array);
  return (index) => (isValid(index) ? write(index) : "null");
}

/** Changes the text of a cell whose type in Arrow is a string or binary. */
export type MendText = (text: string) => string;

/**
 * Returns a function that formats an element of a column as text. Nested values are JSON. A null is `null`.
 *
 * @param dictionaries - the dictionaries of the batch, as `readParts` returns them
 * @param mend - changes cells of strings and binaries; no change by default
 * @throws FlightError INVALID_ARGUMENT if a dictionary is missing or an index or offset is out of range; UNIMPLEMENTED if
 * two fields of a struct have the same name; DATA_LOSS if a string is not UTF-8. The returned function throws them too.
 */
export function textCells(array: ArrayView, dictionaries: Dictionaries, mend?: MendText): ElementReader<string | null> {
  return styledCells(array, { dictionaries, areNumbersBare: false }, mend);
}

/**
 * As `textCells`, for people to read: all numbers in nested values are without quotes, with all their digits. Many JSON
 * readers would round them.
 */
export function shownCells(
  array: ArrayView,
  dictionaries: Dictionaries,
  mend?: MendText,
): ElementReader<string | null> {
  return styledCells(array, { dictionaries, areNumbersBare: true }, mend);
}

function styledCells(array: ArrayView, style: JsonStyle, mend?: MendText): ElementReader<string | null> {
  const write = textValues(array, style, mend);
  const isValid = readValidity(array);
  return (index) => (isValid(index) ? write(index) : null);
}

function textValues(array: ArrayView, style: JsonStyle, mend?: MendText): ElementReader<string | null> {
  const { field } = array;
  if (field.dictionary) return entriesOf(array, style.dictionaries, (values) => styledCells(values, style, mend));
  if (hasPlaces(array)) return placedValues(array, (child) => styledCells(child, style, mend));
  if (isNested(array)) return jsonValues(array, style);
  const read = readScalars(array);
  const format = formatScalar(field);
  return mend && isText(field) ? (index) => mend(format(read(index))) : (index) => format(read(index));
}

/** Whether values may be any text: strings, and bytes, whose base64 may begin with `+`. */
function isText({ type: { kind } }: Field): boolean {
  return /utf8|binary/.test(kind);
}

function jsonValues(array: ArrayView, style: JsonStyle): ElementReader<string> {
  const { field } = array;
  if (field.dictionary) return entriesOf(array, style.dictionaries, (values) => jsonCells(values, style));
  if (hasPlaces(array)) return placedValues(array, (child) => jsonCells(child, style));
  if (isNested(array)) return nestedValues(array, style);
  const read = readScalars(array);
  const format = formatScalar(field);
  switch (jsonFormOf(field, style)) {
    case "bare":
      return (index) => format(read(index));
    case "number":
      return (index) => {
        const value = read(index);
        return Number.isFinite(value) ? format(value) : `"${format(value)}"`;
      };
    case "text":
      return (index) => JSON.stringify(format(read(index)));
    case "quoted":
      return (index) => `"${format(read(index))}"`;
  }
}

/** The JSON form of a type: bare text; a number if it is finite; text to escape; or text that needs only quotes. */
function jsonFormOf(field: Field, { areNumbersBare }: JsonStyle): "bare" | "number" | "text" | "quoted" {
  const { type } = field;
  switch (type.kind) {
    case "null":
    case "bool":
      return "bare";
    case "int":
      return type.bitWidth < 64 || areNumbersBare ? "bare" : "quoted";
    case "decimal":
      return areNumbersBare ? "bare" : "quoted";
    case "float":
      return "number";
    case "utf8":
    case "large_utf8":
    case "utf8_view":
      return "text";
    default:
      return bytesTextOf(field) === "utf8" ? "text" : "quoted";
  }
}

function isNested({ storage }: ArrayView): boolean {
  return ["struct", "list", "list_view", "fixed_size_list"].includes(storage.kind);
}

/** Whether values are those of the children: of unions, and of run-end encoding. */
function hasPlaces({ storage }: ArrayView): boolean {
  return ["sparse_union", "dense_union", "runs"].includes(storage.kind);
}

function placedValues<T>(array: ArrayView, cellsOf: (child: ArrayView) => ElementReader<T>): ElementReader<T> {
  const placeOf = readPlaces(array);
  // Of run-end encoding the first child has ends, which are no values.
  const readers = array.children.map((child, i) =>
    array.storage.kind === "runs" && i === 0 ? undefined : cellsOf(child),
  );
  return (index) => {
    const place = placeOf(index);
    return readers[place.child]!(place.index);
  };
}

function nestedValues(array: ArrayView, style: JsonStyle): ElementReader<string> {
  const { field, children, storage } = array;
  if (storage.kind === "struct") return structValues(array, style);
  const [items] = children as readonly [ArrayView];
  const { start, end } = readOffsets(array);
  const write = field.type.kind === "map" ? entryCells(items, style) : jsonCells(items, style);
  return (index) => {
    const [from, to] = [start(index), end(index)];
    if (from < 0 || to > items.length) {
      throw new FlightError("invalid_argument", `column ${field.name} has offsets outside of its items`);
    }
    let text = "[";
    for (let item = from; item < to; item++) text += item === from ? write(item) : `,${write(item)}`;
    return `${text}]`;
  };
}

/** Formats map entries as `{"key":…,"value":…}`, whatever their field names are. */
function entryCells(entries: ArrayView, style: JsonStyle): ElementReader<string> {
  const children = entries.children.map((child, i) => ({
    ...child,
    field: { ...child.field, name: i === 0 ? "key" : "value" },
  }));
  return structValues({ ...entries, children }, style);
}

function structValues({ children, field, offset }: ArrayView, style: JsonStyle): ElementReader<string> {
  const write = objectCells(field.name, children, style);
  return (index) => write(offset + index);
}

/**
 * Returns a function that formats the elements of several arrays as one JSON object: the columns of a batch, or the
 * fields of a struct.
 *
 * @throws FlightError UNIMPLEMENTED if two of them have the same name, because a JSON object can have only one
 */
export function objectWriter(
  what: string,
  arrays: readonly ArrayView[],
  dictionaries: Dictionaries,
): ElementReader<string> {
  return objectCells(what, arrays, { dictionaries, areNumbersBare: false });
}

function objectCells(what: string, arrays: readonly ArrayView[], style: JsonStyle): ElementReader<string> {
  const names = arrays.map(({ field }) => field.name);
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) {
    const words = `${what} has several fields named ${quoteName(repeated)}, which a JSON object cannot have`;
    throw new FlightError("unimplemented", words);
  }
  const writers = arrays.map((array) => jsonCells(array, style));
  const keys = names.map((name, i) => `${i === 0 ? "" : ","}${JSON.stringify(name)}:`);
  return (index) => {
    let text = "{";
    for (let i = 0; i < writers.length; i++) text += keys[i]! + writers[i]!(index);
    return `${text}}`;
  };
}

/** Looks indices up in a dictionary, whose entries are written once each, when they are first needed. */
function entriesOf<T>(
  array: ArrayView,
  dictionaries: Dictionaries,
  cellsOf: (values: ArrayView) => ElementReader<T>,
): ElementReader<T> {
  const parts = dictionaries.valuesOf(array.field);
  const readers = parts.map(cellsOf);
  const written: T[] = [];
  const write = (entry: number): T => {
    let index = entry;
    for (let part = 0; part < parts.length; part++) {
      if (index < parts[part]!.length) return readers[part]!(index);
      index -= parts[part]!.length;
    }
    throw new FlightError(
      "invalid_argument",
      `column ${array.field.name} has the index ${entry} outside of its dictionary`,
    );
  };
  const indexAt = readIndices(array);
  return (index) => {
    const entry = indexAt(index);
    return (written[entry] ??= write(entry));
  };
}
