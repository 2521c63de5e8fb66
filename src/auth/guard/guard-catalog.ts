import { parseDatasetName } from "../../dataset/index.ts";
import {
  throwIfAborted,
  type CallContext,
  type DatasetCatalog,
  type DatasetPage,
  type DatasetPageRequest,
  type DatasetSummary,
} from "../../producer/index.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { allowRead, listingContext } from "./may-read.ts";

/** Returns a catalog that shows each caller only the datasets that it may read. */
export function guardCatalog(catalog: DatasetCatalog, gatekeeper: Gatekeeper): DatasetCatalog {
  const { readsFolders } = catalog;
  return {
    listDatasets: async (context, page) => await listVisible(catalog, gatekeeper, context, page),
    getDataset: async (context, name) => {
      const dataset = parseDatasetName(name);
      return await catalog.getDataset(await allowRead(gatekeeper, context, { dataset, readsFolders }), name);
    },
    dropDataset: async (context, name) => {
      await gatekeeper.assertMayDrop(context, parseDatasetName(name));
      await catalog.dropDataset(context, name);
    },
  };
}

/**
 * Lists a page of the datasets that the caller may read. The page has the same length as if the others did not exist.
 */
async function listVisible(
  catalog: DatasetCatalog,
  gatekeeper: Gatekeeper,
  context: CallContext,
  asked: DatasetPageRequest,
): Promise<DatasetPage> {
  const listing = listingContext(gatekeeper, context);
  const visible: DatasetSummary[] = [];
  let { after } = asked;
  for (;;) {
    throwIfAborted(context.signal);
    // One more dataset shows whether there is another page.
    const pageSize = asked.pageSize + 1 - visible.length;
    const { datasets, more } = await catalog.listDatasets(listing, { ...asked, pageSize, after });
    for (const dataset of datasets) {
      if (await listing.mayRead(dataset.name)) visible.push(dataset);
      after = dataset.name;
    }
    const isFull = visible.length > asked.pageSize;
    if (isFull || !more) return { datasets: visible.slice(0, asked.pageSize), more: isFull };
  }
}
