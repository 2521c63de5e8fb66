import { wasmMemory, type FFIData } from "parquet-wasm";
import {
  arrayStorage,
  ByteRange,
  dictionaryValueField,
  PiecedBytes,
  type ArrayStorage,
  type ArrayView,
  viewByteLength,
  type Field,
} from "../../arrow/index.ts";
import { intervalByteWidth } from "../format/shown-leaves.ts";

/*
 * Record batches in wasm memory, in the layout of the Arrow C data interface for 32 bits. Reading them there copies
 * each value once; parquet-wasm's own IPC writer copies it twice. Source: "The Arrow C data interface", structure
 * ArrowArray.
 */
const member = {
  length: 0,
  nullCount: 8,
  offset: 16,
  bufferCount: 24,
  childCount: 32,
  buffers: 40,
  children: 44,
  dictionary: 48,
};
const pointerByteLength = 4;

/** A batch in wasm memory. It is valid until the export is freed or the memory grows. */
export interface ExportedBatch {
  readonly columns: readonly ArrayView[];
  /** The values of all dictionaries that the columns use, including nested columns. */
  readonly dictionaryValues: ReadonlyMap<bigint, ArrayView>;
}

/**
 * Returns the layout of a field that is not inside a map. parquet-wasm exports views as plain strings, bytes and lists;
 * `restoreViews` converts them back.
 */
function exportedStorage(field: Field): ArrayStorage {
  const storage = storageInMap(field);
  switch (storage.kind) {
    case "view":
      return { kind: "variable", offsetByteWidth: 4 };
    case "list_view":
      return { ...storage, kind: "list" };
    default:
      return storage;
  }
}

/** Returns the layout of a field inside a map. Intervals are bytes at any depth; `restoreViews` converts them. */
function storageInMap(field: Field): ArrayStorage {
  const { type } = field;
  if (type.kind !== "interval" || type.unit !== "month_day_nano") return arrayStorage(field);
  return { kind: "fixed", bitWidth: intervalByteWidth * 8 };
}

/**
 * Returns the arrays of an exported record batch.
 *
 * @param fields - the expected columns
 * @throws Error if the batch has other columns
 */
export function viewExportedBatch(exported: FFIData, fields: readonly Field[]): ExportedBatch {
  const importer = new Importer(wasmMemory().buffer);
  const columns = importer.columns(exported.arrayAddr() >>> 0, fields);
  return { columns, dictionaryValues: importer.dictionaryValues };
}

class Importer {
  readonly dictionaryValues = new Map<bigint, ArrayView>();
  readonly #memory: DataView;
  readonly #bytes: PiecedBytes;

  constructor(memory: ArrayBufferLike) {
    this.#memory = new DataView(memory);
    this.#bytes = new PiecedBytes([new Uint8Array(memory)]);
  }

  columns(address: number, fields: readonly Field[]): ArrayView[] {
    const children = this.#children(address, fields.length);
    return fields.map((field, i) => this.#array(children[i]!, field, exportedStorage));
  }

  /** Returns the addresses of an array's children. */
  #children(address: number, count: number): number[] {
    const childCount = this.#count(address + member.childCount);
    if (childCount !== count) throw new Error(`an array has ${childCount} children; ${count} were expected`);
    const children = this.#pointer(address + member.children);
    return Array.from({ length: count }, (_, i) => this.#pointer(children + i * pointerByteLength));
  }

  #array(address: number, field: Field, storageOf: (field: Field) => ArrayStorage): ArrayView {
    const storage = storageOf(field);
    const length = this.#count(address + member.length);
    const offset = this.#count(address + member.offset);
    const [validity, ...buffers] = this.#buffers(address, storage, offset + length);
    if (field.dictionary) {
      const values = this.#array(this.#pointer(address + member.dictionary), dictionaryValueField(field), storageOf);
      this.dictionaryValues.set(field.dictionary.id, values);
    }
    const fields = field.dictionary ? [] : field.children;
    const storageOfChild = field.type.kind === "map" ? storageInMap : storageOf;
    const addresses = this.#children(address, fields.length);
    const children = fields.map((child, i) => this.#array(addresses[i]!, child, storageOfChild));
    const isNullable = this.#memory.getBigInt64(address + member.nullCount, true) !== 0n;
    return { field, storage, length, offset, validity: isNullable ? validity : undefined, buffers, children };
  }

  /**
   * Returns the validity bitmap, if there is one, and the other buffers. The interface does not state buffer lengths;
   * they follow from the content.
   */
  #buffers(address: number, storage: ArrayStorage, end: number): [ByteRange | undefined, ...ByteRange[]] {
    const bufferCount = this.#count(address + member.bufferCount);
    const pointers = this.#pointer(address + member.buffers);
    const range = (index: number, byteLength: number): ByteRange =>
      byteLength === 0
        ? ByteRange.empty
        : this.#bytes.range(this.#pointer(pointers + index * pointerByteLength), byteLength);
    if (storage.kind === "null") return [undefined];
    if (storage.kind === "view" ? bufferCount < bufferCountMinOfViews : bufferCount !== bufferCounts[storage.kind])
      throw new Error(`an array of ${storage.kind} storage has ${bufferCount} buffers`);
    const validity = this.#pointer(pointers) === 0 ? undefined : range(0, Math.ceil(end / 8));
    switch (storage.kind) {
      case "fixed":
        return [validity, range(1, Math.ceil((end * storage.bitWidth) / 8))];
      case "list":
      case "variable": {
        const { offsetByteWidth } = storage;
        const offsets = range(1, end === 0 ? 0 : (end + 1) * offsetByteWidth);
        if (storage.kind === "list") return [validity, offsets];
        return [
          validity,
          offsets,
          range(2, end === 0 ? 0 : offsets.readInteger(end * offsetByteWidth, offsetByteWidth)),
        ];
      }
      case "view":
        return [validity, range(1, end * viewByteLength), ...this.#viewData(pointers, bufferCount)];
      case "list_view":
        return [validity, range(1, end * storage.offsetByteWidth), range(2, end * storage.offsetByteWidth)];
      default:
        return [validity];
    }
  }

  /** Returns the data buffers of views. The last buffer contains their lengths. */
  #viewData(pointers: number, bufferCount: number): ByteRange[] {
    const dataCount = bufferCount - bufferCountMinOfViews;
    const lengths = this.#pointer(pointers + (bufferCount - 1) * pointerByteLength);
    return Array.from({ length: dataCount }, (_, i) => {
      const byteLength = this.#count(lengths + i * 8);
      const start = this.#pointer(pointers + (2 + i) * pointerByteLength);
      return byteLength === 0 ? ByteRange.empty : this.#bytes.range(start, byteLength);
    });
  }

  #pointer(address: number): number {
    return this.#memory.getUint32(address, true);
  }

  #count(address: number): number {
    return Number(this.#memory.getBigInt64(address, true));
  }
}

/** Validity, views, and the lengths of the data buffers. */
const bufferCountMinOfViews = 3;

/** The number of buffers for each layout. */
const bufferCounts: Record<Exclude<ArrayStorage["kind"], "null" | "view">, number> = {
  fixed: 2,
  list: 2,
  variable: 3,
  struct: 1,
  fixed_size_list: 1,
  list_view: 3,
};
