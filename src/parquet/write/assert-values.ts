import {
  dictionaryValueField,
  formatType,
  viewRecordBatch,
  type ArrayView,
  type ByteRange,
  type Field,
} from "../../arrow/index.ts";
import { FlightError } from "../../flight/index.ts";
import { openStream } from "../format/open-stream.ts";
import { valueCheckOf, type ValueCheck } from "./value-check.ts";

/** Returns the place of an array element, such as "in row 7"; undefined if the element is null or unused. */
type PlaceOf = (index: number) => string | undefined;

/**
 * Asserts that the values of a row group are valid for their types. Parquet stores a decimal in as many bytes as its
 * precision needs, so a decimal with more digits would change. No reader understands a time of a day or more.
 *
 * @param stream - an IPC stream
 * @param rowStart - the row number, in the put, of the stream's first row
 * @throws FlightError INVALID_ARGUMENT naming column, value and row
 */
export function assertValues(stream: Uint8Array, rowStart: number): void {
  const {
    schema: { fields },
    frames,
  } = openStream(stream);
  const checked = fields.filter(hasCheck);
  if (checked.length === 0) return;
  const dictionaries = new Map(checked.flatMap(dictionaryFields).map((field) => [field.dictionary!.id, field]));
  let row = rowStart;
  for (const { message, body } of frames) {
    if (message.kind === "dictionary_batch") {
      const field = dictionaries.get(message.id);
      if (field === undefined) continue;
      const [values] = viewRecordBatch({ fields: [dictionaryValueField(field)], layout: message.layout, body });
      assertArray(values!, field.name, (index) => `at ${index} of its dictionary`);
    } else if (message.kind === "record_batch") {
      const { layout } = message;
      const start = row;
      for (const array of viewRecordBatch({ fields, layout, body })) {
        assertArray(array, array.field.name, (index) => `in row ${start + index}`);
      }
      row += layout.rowCount;
    }
  }
}

/** Returns whether the values of a field or of a nested field are checked. */
function hasCheck({ type, children }: Field): boolean {
  return valueCheckOf(type) !== undefined || children.some(hasCheck);
}

function dictionaryFields(field: Field): Field[] {
  return field.dictionary ? [field] : field.children.flatMap(dictionaryFields);
}

function assertArray(array: ArrayView, path: string, placeOf: PlaceOf): void {
  const { field, children } = array;
  if (field.dictionary || !hasCheck(field)) return;
  const place: PlaceOf = (index) => (isValid(array, index) ? placeOf(index) : undefined);
  const check = valueCheckOf(field.type);
  if (check) return assertNumbers(array, check, { path, place });
  const placeOfChild = childPlaces(array, place);
  for (const child of children) assertArray(child, `${path}.${child.field.name}`, placeOfChild);
}

/**
 * A buffer for the values of one check. They are copied out of their pieces into memory that fits the processor's
 * cache.
 */
const words = new Int32Array(16_384);

function assertNumbers(
  { field, length, buffers }: ArrayView,
  { wordCount, findWrong, format, explain }: ValueCheck,
  { path, place }: { readonly path: string; readonly place: PlaceOf },
): void {
  for (let start = 0; start < length;) {
    const count = Math.min(length - start, Math.floor(words.length / wordCount));
    const values = words.subarray(0, count * wordCount);
    buffers[0]!.copyTo(new Uint8Array(words.buffer, 0, values.byteLength), 4 * wordCount * start);
    const wrong = findWrong(values);
    const where = wrong < 0 ? undefined : place(start + wrong);
    if (where !== undefined) {
      const value = values.subarray(wrong * wordCount, (wrong + 1) * wordCount);
      const why = explain?.(value) ?? `which is not a valid ${formatType(field)}`;
      const message = `column ${path} has ${format(value)} ${where}, ${why}`;
      throw new FlightError("invalid_argument", message);
    }
    // An unused element may have any value; the values after it are checked again.
    start += wrong < 0 ? count : wrong + 1;
  }
}

function isValid({ validity }: ArrayView, index: number): boolean {
  return validity === undefined || ((byteAt(validity, index >> 3) >> (index & 7)) & 1) === 1;
}

const byte = new Uint8Array(1);

function byteAt(range: ByteRange, byteOffset: number): number {
  range.copyTo(byte, byteOffset);
  return byte[0]!;
}

/** Returns the places of the elements of an array's children. */
function childPlaces({ storage, length, buffers }: ArrayView, place: PlaceOf): PlaceOf {
  const ofOwner = (owner: number | undefined) => (owner === undefined ? undefined : place(owner));
  switch (storage.kind) {
    case "list": {
      const width = storage.offsetByteWidth;
      const offsetAt = (element: number) => buffers[0]!.readInteger(element * width, width);
      return (index) => ofOwner(findList(index, length, offsetAt));
    }
    case "list_view": {
      const width = storage.offsetByteWidth;
      const at = (buffer: ByteRange, element: number) => buffer.readInteger(element * width, width);
      return (index) => {
        for (let element = 0; element < length; element++) {
          const start = at(buffers[0]!, element);
          const isHere = index >= start && index < start + at(buffers[1]!, element);
          const where = isHere ? place(element) : undefined;
          if (where !== undefined) return where;
        }
        return undefined;
      };
    }
    case "fixed_size_list":
      return (index) => (index < length * storage.listSize ? place(Math.floor(index / storage.listSize)) : undefined);
    default:
      return (index) => (index < length ? place(index) : undefined);
  }
}

/** Returns the list that contains an item; undefined if there is none. */
function findList(item: number, length: number, offsetAt: (element: number) => number): number | undefined {
  if (length === 0 || item < offsetAt(0) || item >= offsetAt(length)) return undefined;
  let [low, high] = [0, length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsetAt(middle) <= item) low = middle;
    else high = middle;
  }
  return low;
}
