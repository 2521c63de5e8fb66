import { tableFromArrays, type Table } from "apache-arrow";
import { connect, type DatasetClient } from "hangar";
import { FlightError, type FlightFrame } from "hangar/flight";
import { connect as connectFromNode } from "hangar/node";
import { createMemoryProducer, type FlightProducer } from "hangar/producer";
import { createFlightServer } from "hangar/server";
import { createDatasetStore, ParquetPool } from "hangar/store";

/** Uses every entrance of the package, for the compiler to find it and its types; nobody runs it. */
export async function consume(url: string): Promise<Table> {
  const clients: DatasetClient[] = [connect(url), connectFromNode(url)];
  for (const client of clients) await client.put("x", tableFromArrays({ a: [1] }));
  const store = await createDatasetStore({ folder: "datasets", pool: new ParquetPool() });
  const producers: FlightProducer[] = [store, createMemoryProducer()];
  for (const producer of producers) await createFlightServer({ producer }).listen({ port: 0 });
  const frames: FlightFrame[] = [];
  if (frames.length > 0) throw new FlightError("internal", "there are frames");
  return await connect(url).get("x").table();
}
