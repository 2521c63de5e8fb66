import { afterAll, beforeAll, describe } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createMemoryProducer, type FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { serveProxy } from "../support/proxy.ts";
import { openTestStore } from "../support/test-store.ts";
import { describeCommands } from "./commands-suite.ts";
import { describeDatasets } from "./dataset-suite.ts";
import { describeFlight } from "./flight-suite.ts";
import { createScenarioProducer } from "./scenario-producer.ts";

const transports: Record<string, (url: string) => DatasetClient> = {
  gRPC: (url) => connect(url),
  "gRPC-Web over fetch": (url) => connectByFetch(url),
  "Connect over fetch": (url) => connectByFetch(url, { protocol: "connect" }),
};

interface Backend extends AsyncDisposable {
  readonly producer: FlightProducer;
}

async function openMemory(): Promise<Backend> {
  return { producer: createMemoryProducer(), [Symbol.asyncDispose]: async () => {} };
}

async function openStore(): Promise<Backend> {
  const { store, ...opened } = await openTestStore();
  return { producer: store, ...opened };
}

describe.each(Object.entries(transports))("by %s, through the proxy", (_transport, connectBy) => {
  const describeBehind = (title: string, open: () => Promise<Backend>, describeClient: Describe): void => {
    describe(`to ${title}`, () => {
      let client: DatasetClient;
      let close: () => Promise<void>;
      beforeAll(async () => {
        const backend = await open();
        const server = createFlightServer({ producer: createScenarioProducer(backend.producer) });
        const { port } = await server.listen({ port: 0 });
        // The suite's own header.
        const proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${port}`, forwardHeaders: ["x-question"] });
        client = connectBy(proxy.url);
        close = async () => {
          client.close();
          await proxy[Symbol.asyncDispose]();
          await server.close({ drainTimeoutMs: 0 });
          await backend[Symbol.asyncDispose]();
        };
      });
      afterAll(() => close());
      describeDatasets(() => client);
      describeClient(() => client);
    });
  };

  describeBehind("memory", openMemory, describeFlight);
  describeBehind("the store", openStore, describeCommands);
});

type Describe = (connected: () => DatasetClient) => void;
