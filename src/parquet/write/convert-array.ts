import { FlightError } from "../../flight/index.ts";
import { formatType, type ArrayView, type Field } from "../../arrow/index.ts";
import { toRange, unpackBits, type PlainValues } from "./plain-values.ts";

const msOfDay = 86_400_000n;
const msOfSecond = 1000n;

/**
 * Makes of an array what its column is stored as (`toStoredSchema`).
 *
 * @param array - as `viewRecordBatch` gives it: its offset is 0
 * @param target - its field in the stored schema
 * @param dictionaries - the values of those that are given up
 * @throws FlightError INVALID_ARGUMENT naming a column that has a value which does not fit the stored type
 */
export function convertArray(
  array: ArrayView,
  target: Field,
  dictionaries: ReadonlyMap<bigint, PlainValues>,
): ArrayView {
  const { field } = array;
  if (field === target) return array;
  if (field.dictionary) {
    if (target.dictionary) return { ...array, field: target };
    const values = dictionaries.get(field.dictionary.id);
    if (values === undefined) throw new FlightError("invalid_argument", `column ${field.name} has no dictionary`);
    return values.gather(array, target);
  }
  if (field.type !== target.type) return convertValues(array, target);
  const children = array.children.map((child, i) => convertArray(child, target.children[i]!, dictionaries));
  return { ...array, field: target, children };
}

function convertValues(array: ArrayView, target: Field): ArrayView {
  switch (target.type.kind) {
    case "date":
      // Whole days, unless a null hides them (`assertValues`).
      return mapValues(array, target, { from: 64, to: 32, convert: (value) => value / msOfDay });
    case "time":
      return mapValues(array, target, { from: 32, to: 32, convert: (value) => value * msOfSecond });
    default:
      return mapValues(array, target, { from: 64, to: 64, convert: (value) => value * msOfSecond });
  }
}

interface Conversion {
  /** Bits of a value, before and after. */
  readonly from: 32 | 64;
  readonly to: 32 | 64;
  convert(value: bigint): bigint;
}

function mapValues(array: ArrayView, target: Field, { from, to, convert }: Conversion): ArrayView {
  const { length, field, validity, buffers } = array;
  const source = new Uint8Array((length * from) / 8);
  buffers[0]!.copyTo(source, 0);
  const values = from === 64 ? new BigInt64Array(source.buffer) : new Int32Array(source.buffer);
  const converted = to === 64 ? new BigInt64Array(length) : new Int32Array(length);
  let valid: Uint8Array | undefined;
  for (let i = 0; i < length; i++) {
    const value = convert(BigInt(values[i]!));
    if (BigInt.asIntN(to, value) === value) {
      converted[i] = to === 64 ? value : Number(value);
      continue;
    }
    // What lies under a null may be anything.
    valid ??= validity && unpackBits(validity, length);
    if (valid && valid[i] === 0) continue;
    const message = `column ${field.name} has the ${formatType(field)} ${values[i]}, which ${formatType(target)} cannot hold`;
    throw new FlightError("invalid_argument", message);
  }
  const bytes = new Uint8Array(converted.buffer);
  return { ...array, field: target, storage: { kind: "fixed", bitWidth: to }, buffers: [toRange(bytes)] };
}
