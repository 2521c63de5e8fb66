import type { FlightServerOptions } from "../../src/server/index.ts";
import { createScenarioProducer } from "../client/scenario-producer.ts";
import { openTestStore, serveStore, type StoreServer } from "./test-store.ts";

/** Serves an empty folder, with the scenarios, on a free port of this machine. */
export async function serveFiles(options: Partial<FlightServerOptions> = {}): Promise<StoreServer> {
  const opened = await openTestStore();
  return serveStore(opened, { producer: createScenarioProducer(opened.store), ...options });
}
