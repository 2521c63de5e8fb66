import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { tableFromIPC } from "apache-arrow";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { encodeIpcStream, fromFlightData, messageKind, type FlightFrame } from "../../src/flight/index.ts";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createMemoryProducer, type FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { runIntegrationClient } from "./integration-client.ts";
import { integrationFiles } from "./integration-files.ts";
import { fromUtf8, utf8 } from "./scenarios/arrow.ts";

beforeAll(() => ensureGoTool("arrow-flight-integration-client"), 900_000);

test.each([...integrationFiles])("%s comes back as it was put", async (name, { json, batches }) => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, name), json);
  const server = createFlightServer({ producer: numberBatches(createMemoryProducer()) });
  try {
    const { port } = await server.listen({ port: 0 });
    const { exitCode, output } = await runIntegrationClient(port, ["-path", name], folder.path);
    expect(exitCode, `the client printed:\n${output}`).toBe(0);
    // The client drops what its own reading finds, so what it put is read once more here.
    const frames = await fetchFlight(port, name);
    const numbered = frames.filter(({ header }) => messageKind(header) === "record_batch");
    expect(numbered.map(({ appMetadata }) => fromUtf8(appMetadata))).toEqual(batches.map((_, index) => String(index)));
    const { batches: read } = tableFromIPC(encodeIpcStream(frames));
    expect(read.map((batch) => toPlain(batch.toArray()))).toEqual(toPlain(batches));
  } finally {
    await server.close({ drainTimeoutMs: 0 });
  }
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
