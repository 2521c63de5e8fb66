import { join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandOf, type ClientProgram } from "../../scripts/clients.ts";
import { ensurePython } from "../../scripts/python.ts";
import { connect } from "../../src/client-node/index.ts";
import { startChild } from "../support/child.ts";
import { serveProxy } from "../support/proxy.ts";
import { startHangar } from "../support/server.ts";
import { startGoProgram, startGoServer, type GoServer } from "../support/start-go-server.ts";

/** Building the slowest client where nothing is cached, in milliseconds; far above what it takes. */
const buildLimitMs = 900_000;
/** All checks of one client, in milliseconds; they take seconds. */
const runLimitMs = 120_000;

/** A server to run a client against. */
interface Served extends AsyncDisposable {
  readonly port: number;
}

/** How a client is started; it gets a host and a port as further arguments. */
type Command = readonly [program: string, args: readonly string[], lastArgs?: readonly string[]];

/** The checks that a client with Arrow makes of a server of datasets. */
const datasetChecks = [
  "put and get",
  "list",
  "info and schema",
  "drop",
  "error of a missing dataset",
  "gets above 4 MiB",
];

/** A client, how it is started, and all that it has to check. */
const clients: Record<string, { start(): Promise<Served>; command(): Promise<Command>; checks: readonly string[] }> = {
  "Java flight-core": {
    start: startWithSeed,
    command: () => built("java", "FlightChecks"),
    checks: datasetChecks,
  },
  "Rust arrow-flight": {
    start: startWithSeed,
    command: () => built("rust"),
    checks: [...datasetChecks, "dictionaries by Hydrate", "dictionaries by Resend"],
  },
  "Go arrow-go": {
    start: startWithSeed,
    command: () => built("go"),
    checks: [...datasetChecks, "poll", "cancel"],
  },
  "grpc-js": {
    start: startWithSeed,
    command: async () => [...(await built("node", "grpc-js.mjs")), [protoFile]],
    checks: datasetChecks,
  },
  "polars and fsspec by URL": {
    start: startWithSeed,
    command: () => python("by_url.py"),
    checks: [
      "polars scan parquet",
      "polars read csv",
      "polars read ndjson",
      "polars missing dataset",
      "fsspec ranges",
      "fsspec missing dataset",
    ],
  },
  "chDB by URL": {
    start: startWithSeed,
    command: () => python("by_chdb.py"),
    checks: ["chdb parquet", "chdb csv", "chdb ndjson", "chdb arrow", "chdb part as parquet", "chdb missing dataset"],
  },
  "JDBC through the proxy": {
    start: startSqlWithSchemas,
    command: () => built("java", "SqlChecks"),
    checks: ["query", "prepared query", "update", "error of a wrong query", "tables", "table types"],
  },
  "ADBC through the proxy": {
    start: startSql,
    command: () => python("adbc.py"),
    checks: ["query", "error of a wrong query", "table types"],
  },
};

const protoFile = join(import.meta.dirname, "../../proto/arrow/flight/protocol/flight.proto");

async function built(name: ClientProgram, program = ""): Promise<readonly [string, readonly string[]]> {
  return await commandOf(name, program);
}

async function python(program: string): Promise<Command> {
  return [await ensurePython("clients"), ["-B", join(import.meta.dirname, "python", program)]];
}

/** Hangar with two datasets, of which `seed-large` has 40 MB in one batch. */
async function startWithSeed(): Promise<Served> {
  const server = await startHangar();
  const client = connect(server.url);
  await client.put("seed", tableFromArrays({ n: Int32Array.of(1, 2, 3) }));
  await client.put("seed-large", tableFromArrays({ n: new Float64Array(5_000_000).map((_, i) => i) }));
  client.close();
  return server;
}

/** The proxy before Arrow's own example of a Flight SQL server. */
function startSql(): Promise<Served> {
  return startProxied(() => startGoServer("sqlite_flightsql_server"));
}

/** The proxy before the same example, with schemas of prepared queries, as JDBC needs them. */
function startSqlWithSchemas(): Promise<Served> {
  return startProxied(async () => startGoProgram((await built("go-sql"))[0]));
}

async function startProxied(start: () => Promise<GoServer>): Promise<Served> {
  await using parts = new AsyncDisposableStack();
  const server = parts.use(await start());
  const proxy = parts.use(await serveProxy({ upstream: `grpc://localhost:${server.port}` }));
  const owned = parts.move();
  return { port: proxy.port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe.each(Object.entries(clients))("%s", (client, { start, command, checks }) => {
  let server: Served | undefined;
  let errors: Map<string, string>;
  let output: string;
  beforeAll(async () => {
    const [program, args, lastArgs = []] = await command();
    server = await start();
    await using child = startChild(program, [...args, "127.0.0.1", String(server.port), ...lastArgs]);
    await child.exit(runLimitMs).catch(() => {});
    output = child.output();
    errors = new Map(resultsOf(child.stdout()).map(({ check, error }) => [check, error]));
  }, buildLimitMs + runLimitMs);
  afterAll(() => server?.[Symbol.asyncDispose]());

  test.for(checks)("%s", (check, { task }) => {
    task.meta.compatibility = { table: "clients", client, check };
    expect(errors.get(check) ?? `did not end; the program printed:\n${output}`).toBe("");
  });

  test("has no other checks", () => {
    expect([...errors.keys()]).toEqual(checks);
  });
});

function resultsOf(stdout: string): { check: string; error: string }[] {
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as { check: string; error: string });
}
