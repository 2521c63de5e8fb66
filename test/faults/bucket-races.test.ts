import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { FlightError } from "../../src/flight/index.ts";
import { useBuckets } from "../support/buckets.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const buckets = useBuckets({ gatewayCount: 2 });
const roundCount = Number(process.env["HANGAR_RACE_ROUNDS"] ?? 250);
const serverCount = 4;

/** A server, and the data that it alone is given. */
interface Racer {
  readonly server: TestServer;
  readonly client: DatasetClient;
  readonly table: ReturnType<typeof tableOf>;
}

const tableOf = (racer: number) => tableFromArrays({ racer: Int32Array.of(racer) });
let racers: Racer[];

beforeAll(async () => {
  const place = buckets.createPlace();
  racers = await Promise.all(
    Array.from({ length: serverCount }, async (_, i) => {
      const { url, endpoint } = place(i);
      const server = await startHangar("--repo", url, "--s3-endpoint", endpoint, "--log-level", "error");
      return { server, client: connect(server.location), table: tableOf(i) };
    }),
  );
});

afterAll(async () => {
  for (const { client, server } of racers) {
    client.close();
    await server[Symbol.asyncDispose]();
  }
});

/** Lets all racers do the same at once. Returns the winner, and why the others lost. */
async function race<T>(act: (racer: Racer) => Promise<T | "won">): Promise<{ winner: number; losses: T[] }> {
  const outcomes = await Promise.all(racers.map(act));
  const losses = outcomes.filter((outcome): outcome is Awaited<T> => outcome !== "won");
  expect(losses).toHaveLength(serverCount - 1);
  return { winner: outcomes.indexOf("won"), losses };
}

async function create({ client, table }: Racer, name: string): Promise<string> {
  try {
    await client.put(name, table, { mode: "create" });
    return "won";
  } catch (reason) {
    return reason instanceof FlightError ? reason.code : String(reason);
  }
}

async function replace({ server, table }: Racer, name: string, version: string): Promise<number | "won"> {
  const headers = { "if-match": version, "content-type": "application/vnd.apache.arrow.stream" };
  // The create has stored this table, too, so that a replacement must differ: equal content has an equal ETag.
  const body = new Uint8Array(tableToIPC(table.concat(table), "stream"));
  const { status } = await fetch(`${server.url}/datasets/${name}`, { method: "PUT", headers, body });
  return status === 204 ? "won" : status;
}

/** Reads by the server after the given one. Returns the version, and the racers whose rows are there. */
async function read(name: string, after: number): Promise<{ version: string; rows: unknown[] }> {
  const { server, client } = racers[(after + 1) % serverCount]!;
  const { headers } = await fetch(`${server.url}/datasets/${name}`, { method: "HEAD" });
  const table = await client.get(name).table();
  return { version: headers.get("etag")!, rows: [...table.getChild("racer")!] };
}

test(
  `of four servers that create a name, and then replace its version, one wins: ${roundCount} times`,
  { timeout: 900_000 },
  async () => {
    const wins = { create: new Set<number>(), replace: new Set<number>() };
    for (let round = 0; round < roundCount; round++) {
      const name = `round-${round}`;
      const created = await race((racer) => create(racer, name));
      expect(created.losses).toEqual(Array(3).fill("already_exists"));
      const { version, rows } = await read(name, created.winner);
      expect(rows).toEqual([created.winner]);
      const replaced = await race((racer) => replace(racer, name, version));
      expect(replaced.losses).toEqual(Array(3).fill(412));
      expect((await read(name, replaced.winner)).rows).toEqual([replaced.winner, replaced.winner]);
      wins.create.add(created.winner);
      wins.replace.add(replaced.winner);
    }
    // A race that one server always wins is none.
    for (const winners of Object.values(wins)) expect(winners.size).toBeGreaterThan(1);
  },
);
