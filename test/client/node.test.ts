import { afterAll, beforeAll, describe } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import {
  createMemoryProducer,
  type DatasetCatalog,
  type DatasetFiles,
  type FlightProducer,
} from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { useBuckets } from "../support/buckets.ts";
import { testStorages, type TestStorage } from "../support/storages.ts";
import { openTestStore } from "../support/test-store.ts";
import { describeCommands } from "./commands-suite.ts";
import { describeDatasets } from "./dataset-suite.ts";
import { describeFiles } from "./files-suite.ts";
import { describeFlight } from "./flight-suite.ts";
import { createScenarioProducer } from "./scenario-producer.ts";

/** What serves the datasets. */
interface Backend extends AsyncDisposable {
  readonly producer: FlightProducer & DatasetCatalog;
  readonly files?: DatasetFiles;
}

const backends: Record<string, () => Promise<Backend>> = {
  async memory() {
    return { producer: createMemoryProducer(), [Symbol.asyncDispose]: async () => {} };
  },
  "the store": () => openStore(testStorages["a folder"]),
};

async function openStore(openStorage: () => Promise<TestStorage>): Promise<Backend> {
  const { store, ...opened } = await openTestStore({ openStorage });
  return { producer: store, files: store.files, ...opened };
}

/** What a storage does differs by no transport, so one of each kind has to do for those that are not a folder. */
const otherBackends: typeof backends = {
  ...backends,
  "the store over memory": () => openStore(testStorages.memory),
  "the store over a bucket": () => openStore(buckets.openStorage),
};

const buckets = useBuckets();

const withOtherBackends = ["gRPC", "Connect over fetch"];

const transports: Record<string, (url: string) => DatasetClient> = {
  gRPC: (url) => connect(url),
  Connect: (url) => connect(url, { protocol: "connect" }),
  "gRPC-Web over HTTP/2": (url) => connect(url, { protocol: "grpc-web" }),
  "gRPC-Web over fetch": (url) => connectByFetch(url),
  "Connect over fetch": (url) => connectByFetch(url, { protocol: "connect" }),
};

describe.each(Object.entries(transports))("by %s", (transport, connectBy) => {
  const served = withOtherBackends.includes(transport) ? otherBackends : backends;
  describe.each(Object.entries(served))("to %s", (backendName, openBackend) => {
    let client: DatasetClient;
    let close: () => Promise<void>;
    beforeAll(async () => {
      const backend = await openBackend();
      const producer = createScenarioProducer(backend.producer);
      const server = createFlightServer({ producer, catalog: backend.producer, files: backend.files });
      const { port } = await server.listen({ port: 0 });
      client = connectBy(`http://127.0.0.1:${port}`);
      close = async () => {
        client.close();
        await server.close({ drainTimeoutMs: 0 });
        await backend[Symbol.asyncDispose]();
      };
    });
    afterAll(() => close());

    describeDatasets(() => client);
    if (backendName === "memory") describeFlight(() => client);
    else {
      describeCommands(() => client);
      describeFiles(() => client);
    }
  });
});
