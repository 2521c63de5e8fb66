import type { DecodeJob } from "../workers/worker-protocol.ts";

/** Returns the indices of the columns at the top level that a job decodes: those asked for and those of the filter; undefined for all. */
export function wantedColumns({
  columnIndices,
  filter,
}: Pick<DecodeJob, "columnIndices" | "filter">): ReadonlySet<number> | undefined {
  return columnIndices && new Set([...columnIndices, ...(filter?.columnIndices ?? [])]);
}
