import { compareNames } from "../../dataset/index.ts";
import type { CallContext, DatasetCatalog, DatasetSummary } from "../../producer/index.ts";

/** An entry of a folder: a dataset in it, or a folder that has datasets. */
export type FolderEntry =
  | { readonly kind: "dataset"; readonly name: string; readonly summary: DatasetSummary }
  | { readonly kind: "folder"; readonly name: string };

/** A page of a folder's entries, in the order of the UTF-8 bytes of their names. */
export interface FolderPage {
  /** The entries. A folder's name ends with `/`. */
  readonly entries: readonly FolderEntry[];
  /** The `after` of the next page; undefined for the last page. */
  readonly next: string | undefined;
}

/** The request for a page of a folder. */
export interface FolderRequest {
  /** The folder: empty for the root, otherwise with `/` at its end. */
  readonly folder: string;
  /** The page starts after this entry; empty for the first page. */
  readonly after: string;
  /** The maximum number of entries; at least 1. */
  readonly limit: number;
}

/** The number of datasets to request after a folder was skipped. It doubles while no folder is met. */
const pageSizeMin = 16;
const pageSizeMax = 1_000;

/** Follows almost every name in a folder, in the order of UTF-8 bytes. */
const lastInFolder = "\u{10ffff}";

/**
 * Lists a page of the entries of a folder. It skips the datasets of a subfolder, so the costs depend on the number of
 * entries, and not on the number of datasets below them.
 *
 * @throws errors of `catalog.listDatasets`
 */
export async function listFolderPage(
  catalog: DatasetCatalog,
  context: CallContext,
  { folder, after, limit }: FolderRequest,
): Promise<FolderPage> {
  const entries: FolderEntry[] = [];
  let last = folder + (after.endsWith("/") ? after + lastInFolder : after);
  let pageSize = pageSizeMin;
  for (;;) {
    const { datasets, more } = await catalog.listDatasets(context, { pageSize, after: last, glob: "" });
    pageSize = Math.min(pageSize * 2, pageSizeMax);
    for (const summary of datasets) {
      if (!summary.name.startsWith(folder)) return { entries, next: undefined };
      const rest = summary.name.slice(folder.length);
      const slash = rest.indexOf("/") + 1;
      const name = slash === 0 ? rest : rest.slice(0, slash);
      if (slash > 0 && name === (entries.at(-1)?.name ?? after)) continue;
      if (entries.length === limit) return { entries, next: entries.at(-1)?.name };
      entries.push(slash === 0 ? { kind: "dataset", name, summary } : { kind: "folder", name });
    }
    if (!more) return { entries, next: undefined };
    last = datasets.at(-1)!.name;
    const subfolder = folder + (entries.at(-1)?.name ?? after);
    const skipped = subfolder + lastInFolder;
    if (subfolder.endsWith("/") && last.startsWith(subfolder) && compareNames(skipped, last) > 0) {
      last = skipped;
      pageSize = pageSizeMin;
    }
  }
}
