import { decodeSchema } from "../../arrow/index.ts";
import { bindFilter } from "../../filter/index.ts";
import type { DecodeJob } from "../workers/worker-protocol.ts";

/** The columns at the top level that a job decodes, by their index: those asked for and those of the filter; undefined for all. */
export function wantedColumns({
  columnIndices,
  filter,
  schemaHeader,
}: Pick<DecodeJob, "columnIndices" | "filter" | "schemaHeader">): ReadonlySet<number> | undefined {
  if (columnIndices === undefined) return undefined;
  const filtered = filter ? bindFilter(filter, decodeSchema(schemaHeader).fields).columnIndices : [];
  return new Set([...columnIndices, ...filtered]);
}
