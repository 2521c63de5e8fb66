import { setTimeout as sleep } from "node:timers/promises";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { FlightError } from "../../src/flight/index.ts";
import {
  createMemoryProducer,
  type CallContext,
  type DatasetCatalog,
  type FlightProducer,
} from "../../src/producer/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import { serveFiles } from "../support/serve-files.ts";
import { framesOf } from "./scenario-producer.ts";

const ways: Record<string, (url: string) => DatasetClient> = {
  "Node's client": (url) => connect(url),
  fetch: (url) => connectByFetch(url),
};

describe.each(Object.entries(ways))("by %s", (_how, connectBy) => {
  /** Runs something with a client of a producer. */
  const withProducer = async (
    producer: FlightProducer,
    use: (client: DatasetClient) => Promise<void>,
    options: Partial<FlightServerOptions> = {},
  ): Promise<void> => {
    const server = createFlightServer({ producer, ...options });
    const { port } = await server.listen({ port: 0 });
    const client = connectBy(`http://127.0.0.1:${port}`);
    try {
      await use(client);
    } finally {
      client.close();
      await server.close({ drainTimeoutMs: 0 });
    }
  };

  /** A flight of several endpoints, each of which takes its time. */
  const flightOf = (endpointCount: number, waitMs: number, onCall: (context: CallContext, ticket: string) => void) => ({
    async getFlightInfo(context: CallContext) {
      onCall(context, "info");
      await sleep(waitMs);
      const tickets = Array.from({ length: endpointCount }, (_, i) => ({ ticket: Buffer.from(String(i)) }));
      return { endpoint: tickets.map((ticket) => ({ ticket })), ordered: true };
    },
    async *doGet(context: CallContext, { ticket }: { ticket: Uint8Array }) {
      onCall(context, Buffer.from(ticket).toString());
      await sleep(waitMs);
      yield* framesOf(Number(Buffer.from(ticket).toString()));
    },
  });

  describe("a time limit", () => {
    test("is one of all that a get does, not of each of its calls", async () => {
      const producer = flightOf(40, 200, () => {});
      await withProducer(producer, async (client) => {
        for (const batches of [client.get("a", { timeoutMs: 1500 }), client.sql("SELECT 1", { timeoutMs: 1500 })]) {
          await expect(batches.table()).rejects.toMatchObject({ name: "FlightError", code: "deadline_exceeded" });
        }
        expect((await client.get("a").table()).numRows).toBe(40);
      });
    });

    test("is told to the server as what is left of it", async () => {
      const told: number[] = [];
      const producer = flightOf(2, 50, (context) => told.push(context.timeoutMs() ?? Infinity));
      await withProducer(producer, async (client) => {
        await client.get("a", { timeoutMs: 60_000 }).table();
      });
      expect(told).toHaveLength(3);
      expect(told[0]).toBeLessThanOrEqual(60_000);
      for (const each of told.slice(1)) expect(each).toBeLessThan(60_000 - 45);
    });

    test("is one of a schema that is asked for twice", async () => {
      const producer: FlightProducer = {
        async getSchema() {
          await sleep(1000);
          throw new FlightError("unimplemented", "it has none");
        },
        async getFlightInfo() {
          await sleep(1000);
          return { schema: new Uint8Array(0) };
        },
      };
      await withProducer(producer, async (client) => {
        const late = client.schema("a", { timeoutMs: 1500 });
        await expect(late).rejects.toMatchObject({ name: "FlightError", code: "deadline_exceeded" });
      });
    });

    test("is one of all pages of a list", async () => {
      const memory = createMemoryProducer();
      const catalog: DatasetCatalog = {
        async listDatasets(_context, { after }) {
          await sleep(100);
          const summary = { rowCount: 0n, byteLength: 0n, columnCount: 0, changed: undefined };
          return { datasets: [{ name: `${after}a`, ...summary }], more: after.length < 20 };
        },
        getDataset: (...call) => memory.getDataset(...call),
        dropDataset: (...call) => memory.dropDataset(...call),
      };
      const list = async ({ datasets }: DatasetClient): Promise<void> => {
        for await (const _ of datasets.list("", { timeoutMs: 1000 }));
      };
      await withProducer(
        memory,
        async (client) => {
          await expect(list(client)).rejects.toMatchObject({ name: "FlightError", code: "deadline_exceeded" });
        },
        { catalog },
      );
    });
  });

  test("the headers and trailers of each call of a get are told", async () => {
    const producer = flightOf(2, 0, ({ responseHeader, responseTrailer }, which) => {
      responseHeader.set("x-call", which);
      responseTrailer.set("x-end", which);
    });
    await withProducer(producer, async (client) => {
      const headers: string[] = [];
      const trailers: string[] = [];
      const batches = client.get("a", {
        onHeader: (header) => headers.push(header.get("x-call") ?? ""),
        onTrailer: (trailer) => trailers.push(trailer.get("x-end") ?? ""),
      });
      await batches.table();
      expect(headers[0]).toBe("info");
      for (const each of [headers, trailers]) expect(each.toSorted()).toEqual(["0", "1", "info"]);
    });
  });

  test("the headers of what a file is answered with are told, and that there are no trailers", async () => {
    await using server = await serveFiles();
    const client = connectBy(`http://127.0.0.1:${server.port}`);
    const file = new Blob([new Uint8Array(tableToIPC(tableFromArrays({ n: Int32Array.of(1) }), "stream"))]);
    const told: unknown[] = [];
    await client.put("a", file, {
      onHeader: (header) => told.push(header.get("etag")),
      onTrailer: (trailer) => told.push([...trailer]),
    });
    const head = await fetch(client.url("a"), { method: "HEAD" });
    expect(told).toEqual([head.headers.get("etag"), []]);
    expect(told[0]).toMatch(/^"\w+"$/);
    client.close();
  });
});
