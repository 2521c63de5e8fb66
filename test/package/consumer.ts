import { tableFromArrays, type Table } from "apache-arrow";
import { connect, type DatasetClient } from "hangar";
import { FlightError, type FlightFrame } from "hangar/flight";
import { connect as connectFromNode } from "hangar/node";
import { createMemoryProducer, type FlightProducer } from "hangar/producer";
import { createProxy, type ProxyOptions } from "hangar/proxy";
import { encodeNdjson } from "hangar/rows";
import { createFlightServer } from "hangar/server";
import { createDatasetStore, openFolderStorage, ParquetPool } from "hangar/store";

/** Uses every entrance of the package, for the compiler to find it and its types; nobody runs it. */
export async function consume(url: string, frames: AsyncIterable<FlightFrame>, proxy: ProxyOptions): Promise<Table> {
  const clients: DatasetClient[] = [connect(url), connectFromNode(url)];
  for (const client of clients) await client.put("x", tableFromArrays({ a: [1] }));
  const store = createDatasetStore({
    storage: await openFolderStorage({ folder: "datasets" }),
    pool: new ParquetPool(),
  });
  const producers: FlightProducer[] = [store, createMemoryProducer()];
  for (const producer of producers) await createFlightServer({ producer }).listen({ port: 0 });
  for await (const _ of encodeNdjson(frames)) throw new FlightError("internal", createProxy(proxy).constructor.name);
  return await connect(url).get("x").table();
}
