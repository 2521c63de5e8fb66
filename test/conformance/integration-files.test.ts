import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { tableFromIPC } from "apache-arrow";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { encodeIpcStream, messageKind } from "../../src/arrow/index.ts";
import { fromFlightData, type FlightFrame } from "../../src/flight/index.ts";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createMemoryProducer, type FlightProducer } from "../../src/producer/index.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { runIntegrationClient } from "./integration-client.ts";
import { integrationFiles } from "./integration-files.ts";
import { fromUtf8, utf8 } from "./scenarios/arrow.ts";
import { serveScenario } from "./serve-scenario.ts";

beforeAll(() => ensureGoTool("arrow-flight-integration-client"), 900_000);

test.each([...integrationFiles])("%s comes back as it was put", async (name, { json, batches }) => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, name), json);
  await using server = await serveScenario({ producer: numberBatches(createMemoryProducer()) });
  const { exitCode, output } = await runIntegrationClient(server.port, ["-path", name], folder.path);
  expect(exitCode, `the client printed:\n${output}\nthe server logged:\n${inspect(server.errors)}`).toBe(0);
  expect(server.peers.size, `the client printed:\n${output}`).toBe(1);
  // The client takes a location for an address that it cannot reach, and drops that error: what it put is read here.
  const frames = await fetchFlight(server.port, name);
  const numbered = frames.filter(({ header }) => messageKind(header) === "record_batch");
  expect(numbered.map(({ appMetadata }) => fromUtf8(appMetadata))).toEqual(batches.map((_, index) => String(index)));
  const { batches: read } = tableFromIPC(encodeIpcStream(frames));
  expect(read.map((batch) => toPlain(batch.toArray()))).toEqual(toPlain(batches));
});

/** The client expects each record batch of a DoGet to have its number as application metadata. */
function numberBatches(producer: FlightProducer): FlightProducer {
  return {
    getFlightInfo: (context, descriptor) => producer.getFlightInfo!(context, descriptor),
    doPut: (context, frames) => producer.doPut!(context, frames),
    async *doGet(context, ticket) {
      let index = 0;
      for await (const frame of producer.doGet!(context, ticket)) {
        const isBatch = messageKind(frame.header) === "record_batch";
        yield isBatch ? { ...frame, appMetadata: utf8(String(index++)) } : frame;
      }
    },
  };
}

async function fetchFlight(port: number, ticket: string): Promise<FlightFrame[]> {
  const client = createClient(FlightService, createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` }));
  const frames: FlightFrame[] = [];
  for await (const message of client.doGet({ ticket: utf8(ticket) })) frames.push(fromFlightData(message, undefined));
  return frames;
}

/** Rows and lists of apache-arrow as objects and arrays, and integers of 64 bits as text. */
function toPlain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_name, item: unknown) => (typeof item === "bigint" ? String(item) : item)));
}
