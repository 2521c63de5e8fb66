import type { Field } from "hangar/flight";

/**
 * Whether DuckDB refuses to read a column from Arrow, although it reads the same from Parquet: 16-bit floats and 256-bit
 * decimals, nested or not (DuckDB 2.0); pure.
 */
export function isRefusedByDuckDb({ type, children }: Pick<Field, "type" | "children">): boolean {
  const { kind } = type;
  if (kind === "float" && type.bitWidth === 16) return true;
  if (kind === "decimal" && type.bitWidth === 256) return true;
  return children.some(isRefusedByDuckDb);
}
