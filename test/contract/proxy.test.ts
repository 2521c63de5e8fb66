import { connect } from "../../src/client-node/index.ts";
import { createMemoryProducer, type DatasetCatalog, type FlightProducer } from "../../src/producer/index.ts";
import { createProxy } from "../../src/proxy/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { createRemoteProducer } from "../support/remote-producer.ts";
import { openTestStore } from "../support/test-store.ts";
import { describeCatalogContract } from "./catalog-contract.ts";
import { describeProducerContract } from "./producer-contract.ts";

interface Proxied {
  /** What a client of the proxy reaches. */
  readonly producer: FlightProducer;
  /** The proxy's own. */
  readonly catalog: DatasetCatalog;
  close(): Promise<void>;
}

/** Serves a producer, a proxy before it, and a client of the proxy. */
async function openProxied(upstream: FlightProducer, close: () => Promise<void>): Promise<Proxied> {
  const behind = createFlightServer({ producer: upstream });
  const proxy = createProxy({ upstream: `grpc://127.0.0.1:${(await behind.listen({ port: 0 })).port}` });
  const server = createFlightServer(proxy);
  const client = connect(`grpc://127.0.0.1:${(await server.listen({ port: 0 })).port}`);
  return {
    producer: createRemoteProducer(client.flight),
    catalog: proxy.catalog,
    async close() {
      client.close();
      await server.close({ drainTimeoutMs: 0 });
      proxy.close();
      await behind.close({ drainTimeoutMs: 0 });
      await close();
    },
  };
}

async function openProxiedStore(): Promise<Proxied> {
  const opened = await openTestStore({ workerCount: 2 });
  return openProxied(opened.store, () => opened[Symbol.asyncDispose]());
}

const openProxiedMemory = (): Promise<Proxied> => openProxied(createMemoryProducer(), async () => {});

describeProducerContract("the store through the proxy", openProxiedStore);
describeProducerContract("the producer in memory through the proxy", openProxiedMemory);
describeCatalogContract("the proxy", async () => ({ ...(await openProxiedMemory()), knowsChanged: false }));
