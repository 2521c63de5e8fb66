import { readScalars, type ArrayView } from "hangar/flight";

/** Numbers of a batch, by the row. */
export type Numbers = ArrayLike<number>;

/**
 * Reads the values of an array of numbers or times as numbers, all at once: those of 64 bits and more, and decimals, as
 * their integers; undefined where one of these is no safe integer. A null has any number. Values one by one take five
 * times as long, as each integer of 64 bits is an object then.
 */
export function readNumbers(array: ArrayView): Numbers | undefined {
  const { storage, offset, length, buffers, field } = array;
  if (storage.kind !== "fixed" || storage.bitWidth < 8) return undefined;
  const bytes = new Uint8Array((length * storage.bitWidth) / 8);
  buffers[0]!.copyTo(bytes, (offset * storage.bitWidth) / 8);
  const { type } = field;
  if (type.kind === "float") {
    if (type.bitWidth === 16) return readEach(array);
    return type.bitWidth === 32 ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
  }
  const isSigned = type.kind !== "int" || type.signed;
  switch (storage.bitWidth) {
    case 8:
      return isSigned ? new Int8Array(bytes.buffer) : bytes;
    case 16:
      return isSigned ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
    case 32:
      return isSigned ? new Int32Array(bytes.buffer) : new Uint32Array(bytes.buffer);
    default:
      return readSafe(new Int32Array(bytes.buffer), storage.bitWidth / 32, isSigned);
  }
}

function readEach(array: ArrayView): Numbers {
  const read = readScalars(array);
  return Float64Array.from({ length: array.length }, (_, i) => read(i) as number);
}

/** The high half of safe integers: 21 bits and the sign. */
const highMax = 2 ** 21;

/** Integers of several words of 32 bits, the lowest first. */
function readSafe(words: Int32Array, wordCount: number, isSigned: boolean): Numbers | undefined {
  const numbers = new Float64Array(words.length / wordCount);
  for (let i = 0, at = 0; i < numbers.length; i++, at += wordCount) {
    const high = words[at + 1]!;
    if (high >= highMax || high < (isSigned ? -highMax : 0)) return undefined;
    const sign = high >> 31;
    for (let rest = 2; rest < wordCount; rest++) if (words[at + rest] !== sign) return undefined;
    numbers[i] = high * 2 ** 32 + (words[at]! >>> 0);
  }
  return numbers;
}
