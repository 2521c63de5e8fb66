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
import { listingContext } from "./may-read.ts";

/** Returns a catalog that shows each caller the datasets that it may read. */
export function guardCatalog(catalog: DatasetCatalog, gatekeeper: Gatekeeper): DatasetCatalog {
  return {
    listDatasets: async (context, page) => await listVisible(catalog, gatekeeper, context, page),
    getDataset: async (context, name) => {
      await gatekeeper.assertMayRead(context, parseDatasetName(name));
      return await catalog.getDataset(context, name);
    },
    dropDataset: async (context, name) => {
      await gatekeeper.assertMayDrop(context, parseDatasetName(name));
      await catalog.dropDataset(context, name);
    },
  };
}

/** Datasets that the caller may not read are omitted. The page has the same length as if they did not exist. */
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
    // One more says whether more follow.
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
