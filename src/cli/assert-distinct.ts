import { UsageError } from "./exit-code.ts";

/** Asserts that every source has its own destination. Throws a UsageError that names two sources with the same one. */
export function assertDistinct(transfers: readonly { readonly from: string; readonly to: string }[]): void {
  const sources = new Map<string, string>();
  for (const { from, to } of transfers) {
    const other = sources.get(to);
    if (other !== undefined) {
      throw new UsageError(`${other} and ${from} would both become ${to}; put one of them under another name`);
    }
    sources.set(to, from);
  }
}
