import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createTemporaryFolder } from "../../test/support/folder.ts";
import { startHangar } from "../../test/support/server.ts";
import type { Comparing } from "../compare-servers.ts";
import { median, type Figure } from "../figures.ts";

type PhaseName = "get" | "put";

/** Requests of `fetch` beside one PUT: the bytes in pieces of a size, as the client sends them. */
const pieces = ["POSTs of 1 MiB", "POSTs of 4 MiB", "POSTs of 8 MiB"] as const;

/**
 * What moves the bytes: a plain `fetch`, the client with a server that stores nothing, the client with `hangar serve`, a
 * plain `fetch` with `hangar serve`.
 */
type Mover = "fetch" | (typeof pieces)[number] | "framework" | "store" | "stored PUT";

/** The least ratio of the client to `fetch`. */
const aims: Readonly<Record<PhaseName, number>> = { get: 1.27, put: 1 };

/** What the page reports. */
interface PageResult {
  readonly error?: string;
  readonly byteLength: number;
  readonly samples: readonly { readonly phase: PhaseName; readonly by: Mover; readonly seconds: number }[];
}

/**
 * Measures the client in Chromium beside `fetch`.
 *
 * Chromium runs by itself: what drives browsers in tests is told of every request's body, which takes longer than to
 * send it.
 */
export async function measureInBrowser({ client, rounds }: Comparing): Promise<Figure[]> {
  await using folder = await createTemporaryFolder();
  await using store = await startHangar("--log-level", "warn", "--cors-origin", "*");
  await client.call("put", store.location, {});
  await using servers = startProcess(process.execPath, [
    join(import.meta.dirname, "servers.ts"),
    `${folder.path}/data`,
  ]);
  const ports = JSON.parse(await servers.line()) as { plain: number; flight: number };
  const parameters = new URLSearchParams({
    framework: `http://127.0.0.1:${ports.flight}`,
    store: store.url,
    name: "bench.parquet",
    rounds: String(rounds),
  });
  const url = `http://127.0.0.1:${ports.plain}/?${parameters}`;
  const profile = `--user-data-dir=${folder.path}/profile`;
  await using _chromium = startProcess("chromium", ["--headless=new", "--no-sandbox", "--disable-gpu", profile, url]);
  const result = JSON.parse(await servers.line()) as PageResult;
  if (result.error !== undefined) throw new Error(`the page failed: ${result.error}`);
  return toFigures(result);
}

interface Process extends AsyncDisposable {
  /** The next line of standard output. */
  line(): Promise<string>;
}

function startProcess(command: string, args: readonly string[]): Process {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async line() {
      const { done, value } = await lines.next();
      if (done) throw new Error(`${command} ended`);
      return value;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

function toFigures({ byteLength, samples }: PageResult): Figure[] {
  const rate = (phase: PhaseName, by: Mover): number =>
    median(
      samples.filter((each) => each.phase === phase && each.by === by).map(({ seconds }) => byteLength / 1e6 / seconds),
    );
  const megabytes = (byteLength / 1e6).toFixed(0);
  return (["get", "put"] as const).flatMap((phase) => {
    const row = { unit: "MB/s", better: "more", aims: { fetch: aims[phase] } } as const;
    const others = phase === "put" ? pieces : [];
    const values = (by: Mover, ...beside: readonly Mover[]): Figure["values"] => ({
      hangar: rate(phase, by),
      fetch: rate(phase, "fetch"),
      ...Object.fromEntries([...beside, ...others].map((each) => [each, rate(phase, each)])),
    });
    const stored = phase === "put" ? (["stored PUT"] as const) : [];
    return [
      { ...row, title: `${phase} of ${megabytes} MB, nothing stored`, values: values("framework") },
      { ...row, title: `${phase} of ${megabytes} MB, \`hangar serve\``, values: values("store", ...stored) },
    ];
  });
}
