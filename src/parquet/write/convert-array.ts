import { FlightError } from "../../flight/index.ts";
import { formatType, type ArrayView, type Field } from "../../arrow/index.ts";
import { toRange, unpackBits, type PlainValues } from "./plain-values.ts";

const msOfDay = 86_400_000n;
const msOfSecond = 1000n;

/**
 * Makes of an array what its column is stored as (`toStoredSchema`), or of that what it is declared as (`restoreUnits`).
 *
 * @param target - the field that it becomes one of
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
    // Values are as they came, and may be stored in another unit.
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
      // Whole days, unless a null hides them (`assertValues`).
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
  /** Bits of a value, before and after. */
  readonly from: 32 | 64;
  readonly to: 32 | 64;
  /** Gives undefined where the target's unit has no such value. */
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
    // What lies under a null may be anything.
    valid ??= validity && unpackBits(validity, end);
    if (valid && valid[i] === 0) continue;
    const message = `column ${field.name} has the ${formatType(field)} ${values[i]}, which ${formatType(target)} cannot hold`;
    throw new FlightError("invalid_argument", message);
  }
  const bytes = new Uint8Array(converted.buffer);
  return { ...array, field: target, storage: { kind: "fixed", bitWidth: to }, buffers: [toRange(bytes)] };
}
