import type { ColumnChunk } from "./column-chunks.ts";
import { columnIndexField, offsetIndexField, pageLocation } from "./footer-fields.ts";
import { integerField, listField, structListField } from "./thrift-fields.ts";
import { decodeThriftStruct } from "./thrift.ts";

/** The description of a page in the indexes of its column chunk. */
export interface PageFacts extends Pick<ColumnChunk, "min" | "max" | "nullCount"> {
  /** The first row, from 0 in the row group. */
  readonly rowStart: number;
  readonly rowCount: number;
  /** Whether it is said to have nulls alone. */
  readonly isNullPage: boolean;
}

/** A column chunk's page indexes, encoded. */
export interface EncodedPageIndexes {
  readonly columnIndex: Uint8Array;
  readonly offsetIndex: Uint8Array;
  /** Rows of the row group. */
  readonly rowCount: number;
}

/** Decodes page indexes. @throws RangeError if they are not valid, or contradict each other */
export function readPages({ columnIndex, offsetIndex, rowCount }: EncodedPageIndexes): PageFacts[] {
  const column = decodeThriftStruct(columnIndex);
  const elementsOf = (id: number) => listField(column, id).elements;
  const nullPages = elementsOf(columnIndexField.nullPages);
  const minValues = elementsOf(columnIndexField.minValues);
  const maxValues = elementsOf(columnIndexField.maxValues);
  const nullCounts = column.has(columnIndexField.nullCounts) ? elementsOf(columnIndexField.nullCounts) : [];
  const starts = structListField(decodeThriftStruct(offsetIndex), offsetIndexField.pageLocations).map((location) =>
    integerField(location, pageLocation.firstRow),
  );
  if (starts.length !== nullPages.length || starts.length !== minValues.length || starts.length !== maxValues.length) {
    throw new RangeError("the page indexes of a column chunk have different counts of pages");
  }
  if (starts[0] !== 0 || starts.some((start, i) => (starts[i + 1] ?? rowCount) <= start)) {
    throw new RangeError("the pages of a column chunk have a different number of rows than their row group");
  }
  return starts.map((rowStart, i) => {
    const pageRowCount = (starts[i + 1] ?? rowCount) - rowStart;
    const isNullPage = nullPages[i] === true;
    const count = nullCounts[i];
    // Of a page of nulls a writer has to state bounds of no bytes.
    const boundOf = (value: unknown): Uint8Array | undefined =>
      value instanceof Uint8Array && !(isNullPage && value.byteLength === 0) ? value : undefined;
    return {
      rowStart,
      rowCount: pageRowCount,
      isNullPage,
      nullCount: typeof count === "bigint" ? Number(count) : isNullPage ? pageRowCount : undefined,
      min: boundOf(minValues[i]),
      max: boundOf(maxValues[i]),
    };
  });
}
