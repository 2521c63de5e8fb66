import { startS3Server } from "../test/support/s3-server.ts";
import { startHangar, type TestServer } from "../test/support/server.ts";
import type { Comparing } from "./compare-servers.ts";
import { capCpu } from "./cpu-cap.ts";
import { median } from "./figures.ts";
import type { Panel } from "./growth.ts";
import type { Measurement } from "./programs.ts";
import { toText } from "./report.ts";

const serverCounts = [1, 2, 3, 4];
const largestCount = Math.max(...serverCounts);

/** The cores of a server. Four servers leave more than half of two cores to the bucket and the clients. */
const serverCores = 0.2;

/** All clients together keep one server busy, and four. */
const clientCount = 8;
const seconds = 4;
const warmUpSeconds = 3;
const scalingMin = 3.1;

/** What is measured. `get` reads what `put` has stored. */
const kinds = ["put", "get"] as const;

/**
 * Measures 1 to 4 servers over one bucket. Each server has the same small share of a core, as if it had a machine of its
 * own. As many clients as ever, each with a dataset of its own, are spread over the servers.
 */
export async function measureScaling(run: Comparing): Promise<Measurement> {
  await using stack = new AsyncDisposableStack();
  const s3 = stack.use(await startS3Server(2));
  const servers: TestServer[] = [];
  for (let i = 0; i < largestCount; i++) {
    const place = ["--repo", `s3://${s3.bucket}/scaling`, "--s3-endpoint", s3.endpoints[i % s3.endpoints.length] ?? ""];
    servers.push(stack.use(await startHangar("--log-level", "warn", ...place)));
  }
  for (const kind of kinds) await measureRate(kind, servers, run, warmUpSeconds);
  for (const { child } of servers) stack.use(await capCpu(child.pid, serverCores));
  const rates = new Map(kinds.map((kind) => [kind, serverCounts.map((): number[] => [])]));
  for (let round = 0; round < run.rounds; round++) {
    const counts = [...serverCounts.entries()];
    for (const [i, count] of round % 2 === 0 ? counts : counts.toReversed()) {
      for (const kind of kinds) {
        const rate = await measureRate(kind, servers.slice(0, count), run, seconds);
        rates.get(kind)?.[i]?.push(rate);
        run.report(`round ${round + 1}, ${count} servers, ${kind}: ${toText(rate)} MB/s`);
      }
    }
  }
  return describe(new Map([...rates].map(([kind, all]) => [kind, all.map(median)])));
}

async function measureRate(
  kind: (typeof kinds)[number],
  servers: readonly TestServer[],
  { client }: Comparing,
  lastsSeconds: number,
): Promise<number> {
  const [{ location } = { location: "" }] = servers;
  const locations = servers.map((server) => server.location);
  const options = { locations, client_count: clientCount, seconds: lastsSeconds, kind };
  const measured = await client.measure("spread", location, options);
  return measured.byteLength / 1e6 / measured.seconds;
}

/** @param rates - MB/s of each number of servers */
function describe(rates: ReadonlyMap<string, readonly number[]>): Measurement {
  const panels = [...rates].map(([kind, line]): Panel => {
    const even = serverCounts.map((count) => count * (line[0] ?? NaN));
    return { title: `${kind}s of 3 MB, ${clientCount} clients`, unit: "MB/s", lines: { hangar: line, even } };
  });
  const figures = [...rates].map(([kind, line]) => ({
    title: `${kind}s: ${largestCount} servers beside one`,
    unit: "times the rate",
    better: "more" as const,
    values: { hangar: (line.at(-1) ?? NaN) / (line[0] ?? NaN) },
    aims: { hangar: scalingMin },
  }));
  const title = `Servers over one bucket, ${serverCores} cores each`;
  return {
    figures,
    topics: [{ name: "scaling", title, axis: "servers", sizes: serverCounts, panels, isLinear: true }],
  };
}
