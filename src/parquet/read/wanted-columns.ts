import type { DecodeJob } from "../workers/worker-protocol.ts";

/**
 * Returns the indices of the top-level columns that a job decodes, including those of its filter; undefined for all.
 */
export function wantedColumns({
  columnIndices,
  filter,
}: Pick<DecodeJob, "columnIndices" | "filter">): ReadonlySet<number> | undefined {
  return columnIndices && new Set([...columnIndices, ...(filter?.columnIndices ?? [])]);
}
