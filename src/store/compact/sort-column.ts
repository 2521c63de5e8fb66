import { formatType, type Field } from "../../arrow/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
import { readPartitions } from "../folder/hive-partitions.ts";
import { isSortable } from "./sort-order.ts";

/**
 * Returns the index of the column by which the rows of a folder's files are sorted. Returns undefined for a partition
 * column and for one of nulls, because all rows of the folder have one value of it.
 *
 * @param fields - the columns of the files
 * @throws FlightError INVALID_ARGUMENT if there is no such column, or its values have no order
 */
export function findSortColumn(
  fields: readonly Field[],
  { folder, sortBy }: { readonly folder: string; readonly sortBy: string },
): number | undefined {
  const index = fields.findIndex(({ name }) => name === sortBy);
  const column = fields[index];
  if (column && isSortable(column)) return index;
  if (column?.type.kind === "null") return undefined;
  if (column === undefined && readPartitions(`${folder}/`).has(sortBy)) return undefined;
  const words = column ? `cannot be sorted by, because its type is ${formatType(column)}` : "does not exist";
  const where = `the files of the folder ${quoteName(folder)} cannot be sorted: the column ${quoteName(sortBy)} ${words}`;
  throw new FlightError("invalid_argument", where);
}
