import type { ConvertedSchema } from "./converted-leaves.ts";
import type { ByteSource } from "./byte-source.ts";
import { fileMetaData } from "./footer-fields.ts";
import type { RowGroupScan } from "./scan-row-group.ts";
import { decodeThriftStruct, encodeThriftStruct, thriftType, type ThriftStruct } from "./thrift.ts";
import { listField } from "./thrift-fields.ts";

/** A footer with encoded row groups, their properties, and the file. */
export interface ScannedFooter {
  readonly footer: ThriftStruct;
  readonly scans: readonly RowGroupScan[];
  readonly file: ByteSource;
  /** Where the footer begins, in bytes. */
  readonly footerByteOffset: number;
  readonly converted: ConvertedSchema | undefined;
}

/** Corrects a footer. Returns the same object if nothing changes. */
export type Repair = (scanned: ScannedFooter, options: ShowOptions) => ThriftStruct;

/** How a file is shown. */
export interface ShowOptions {
  /**
   * Whether to omit everything that is not needed to read rows, such as statistics and page indexes. parquet-wasm
   * refuses a file if they are invalid; other readers notice only when they use them.
   */
  readonly isBare?: boolean;
  /** The Arrow schema to use for reading, with the presented names; by default, the schema of the file. */
  readonly arrowSchema?: Uint8Array | undefined;
}

/** The row groups of a footer, each encoded. */
export function encodedRowGroups(footer: ThriftStruct): Uint8Array[] {
  return listField(footer, fileMetaData.rowGroups).elements.map((element) => {
    if (element instanceof Uint8Array) return element;
    throw new RangeError("a row group is not a struct");
  });
}

/** Returns a footer with some row groups replaced. */
export function mapRowGroups(
  footer: ThriftStruct,
  change: (group: ThriftStruct, index: number) => void,
  isChanged: (index: number) => boolean = () => true,
): ThriftStruct {
  const elements = encodedRowGroups(footer).map((encoded, i) => {
    if (!isChanged(i)) return encoded;
    const group = decodeThriftStruct(encoded);
    change(group, i);
    return encodeThriftStruct(group);
  });
  const value = { elementType: thriftType.struct, elements };
  return new Map(footer).set(fileMetaData.rowGroups, { type: thriftType.list, value });
}

/** Whether a column chunk is encrypted. */
export function hasEncrypted(scans: readonly RowGroupScan[]): boolean {
  return scans.some(({ chunks }) => chunks.some((chunk) => chunk.isEncrypted));
}
