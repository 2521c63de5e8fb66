import { FlightError } from "../../flight/index.ts";
import { formatType, type ArrayView, type Field } from "../../arrow/index.ts";
import { toRange, unpackBits, type PlainValues } from "./plain-values.ts";

const msOfDay = 86_400_000n;
const msOfSecond = 1000n;

/**
 * Converts an array to the stored type of its column (`toStoredSchema`), or back to the declared type (`restoreUnits`).
 *
 * @param target - the field of the result
 * @param dictionaries - the values of dictionaries that are stored as plain values
 * @throws FlightError INVALID_ARGUMENT naming a column with a value that does not fit the target type
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
    // The values have the source's unit; the target may have another one.
    const plain = values.gather(array, { ...target, type: field.type });
    return field.type === target.type ? { ...plain, field: target } : convertValues(plain, target);
  }
  if (field.type !== target.type) return convertValues(array, target);
  const children = array.children.map((child, i) => convertArray(child, target.children[i]!, dictionaries));
  return { ...array, field: target, children };
}

function convertValues(array: ArrayView, target: Field): ArrayView {
  const { type } = target;
  switch (type.kind) {
    case "date":
      // Whole days, except under a null (`assertValues`).
      if (type.unit === "day")
        return mapValues(array, target, { from: 64, to: 32, convert: (value) => value / msOfDay });
      return mapValues(array, target, { from: 32, to: 64, convert: (value) => value * msOfDay });
    case "time":
    case "timestamp": {
      const convert = type.unit === "s" ? toSeconds : (value: bigint) => value * msOfSecond;
      const bitWidth = type.kind === "time" ? 32 : 64;
      return mapValues(array, target, { from: bitWidth, to: bitWidth, convert });
    }
    default:
      throw new RangeError(`nothing is stored as ${type.kind} in the place of another type`);
  }
}

function toSeconds(value: bigint): bigint | undefined {
  return value % msOfSecond === 0n ? value / msOfSecond : undefined;
}

interface Conversion {
  /** The number of bits of a value, before and after. */
  readonly from: 32 | 64;
  readonly to: 32 | 64;
  /** Returns undefined if the value does not fit the target unit. */
  convert(value: bigint): bigint | undefined;
}

function mapValues(array: ArrayView, target: Field, { from, to, convert }: Conversion): ArrayView {
  const { length, offset, field, validity, buffers } = array;
  const end = offset + length;
  const source = new Uint8Array((end * from) / 8);
  buffers[0]!.copyTo(source, 0);
  const values = from === 64 ? new BigInt64Array(source.buffer) : new Int32Array(source.buffer);
  const converted = to === 64 ? new BigInt64Array(end) : new Int32Array(end);
  let valid: Uint8Array | undefined;
  for (let i = offset; i < end; i++) {
    const value = convert(BigInt(values[i]!));
    if (value !== undefined && BigInt.asIntN(to, value) === value) {
      converted[i] = to === 64 ? value : Number(value);
      continue;
    }
    // The value under a null is arbitrary.
    valid ??= validity && unpackBits(validity, end);
    if (valid && valid[i] === 0) continue;
    const message = `column ${field.name} has the ${formatType(field)} ${values[i]}, which ${formatType(target)} cannot hold`;
    throw new FlightError("invalid_argument", message);
  }
  const bytes = new Uint8Array(converted.buffer);
  return { ...array, field: target, storage: { kind: "fixed", bitWidth: to }, buffers: [toRange(bytes)] };
}
