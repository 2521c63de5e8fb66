import { afterAll, expect, test } from "vitest";
import { createCommandDescriptor, type FlightFrame } from "../../../src/flight/index.ts";
import { ParquetPool } from "../../../src/parquet/index.ts";
import { createMemoryStorage } from "../../../src/storage/index.ts";
import { createDatasetStore } from "../../../src/store/index.ts";
import { createTestContext } from "../../contract/call-context.ts";
import { collect, put, ticketOf } from "../../contract/calls.ts";
import { contentOf, createTable, toRows } from "../../contract/tables.ts";

const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());

test("the endpoints of a command are spread over all servers, and any of them redeems each ticket", async () => {
  const storage = createMemoryStorage();
  const peers = ["grpc://a:1", "grpc://b:1", "grpc://c:1"];
  const [first, second] = [0, 1].map((i) => createDatasetStore({ storage, pool, peers, advertise: peers[i]! }));
  const table = createTable(1);
  await put(first!, ["a"], table);
  const native = createTestContext({ header: { "content-type": "application/grpc" } });
  const command = Buffer.from(JSON.stringify({ dataset: "a", endpoints: 4 }));
  const info = await first!.getFlightInfo!(native, createCommandDescriptor(command));
  const locations = info.endpoint!.map(({ location }) => location!.map(({ uri }) => uri));
  expect(locations).toEqual([
    ["grpc://a:1", "grpc://b:1", "grpc://c:1"],
    ["grpc://b:1", "grpc://c:1", "grpc://a:1"],
    ["grpc://c:1", "grpc://a:1", "grpc://b:1"],
    ["grpc://a:1", "grpc://b:1", "grpc://c:1"],
  ]);
  const frames: FlightFrame[] = [];
  for (const { ticket } of info.endpoint!) {
    const part = await collect(
      second!.doGet!(createTestContext(), ticketOf(ticket!.ticket as Uint8Array<ArrayBuffer>)),
    );
    frames.push(...part.slice(frames.length === 0 ? 0 : 1));
  }
  expect(toRows(frames).rows).toEqual(contentOf(table).rows);
});
