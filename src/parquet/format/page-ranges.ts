import type { ColumnChunk } from "./column-chunks.ts";
import { columnIndexField, offsetIndexField, pageLocation } from "./footer-fields.ts";
import { integerField, listField, structListField } from "./thrift-fields.ts";
import { decodeThriftStruct } from "./thrift.ts";

/** What the indexes of a column chunk say of one of its pages. */
export interface PageFacts extends Pick<ColumnChunk, "min" | "max" | "nullCount"> {
  /** The first row, from 0 in the row group. */
  readonly rowStart: number;
  readonly rowCount: number;
}

/** A column chunk's page indexes, encoded. */
export interface EncodedPageIndexes {
  readonly columnIndex: Uint8Array;
  readonly offsetIndex: Uint8Array;
  /** Rows of the row group. */
  readonly rowCount: number;
}

/** Reads what page indexes say. @throws RangeError where they are none, or do not go together */
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
  return starts.map((rowStart, i) => {
    const pageRowCount = (starts[i + 1] ?? rowCount) - rowStart;
    if (nullPages[i] === true) {
      return { rowStart, rowCount: pageRowCount, nullCount: pageRowCount, min: undefined, max: undefined };
    }
    const nullCount = nullCounts[i] === undefined ? undefined : Number(nullCounts[i]);
    const [min, max] = [minValues[i] as Uint8Array, maxValues[i] as Uint8Array];
    return { rowStart, rowCount: pageRowCount, nullCount, min, max };
  });
}
