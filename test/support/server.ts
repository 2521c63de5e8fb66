import { join } from "node:path";
import { ensurePython } from "../../scripts/python.ts";
import { startChild, type Child } from "./child.ts";
import { createTemporaryFolder } from "./folder.ts";

/** A Flight server in a process of its own, over a folder of its own. */
export interface TestServer extends AsyncDisposable {
  /** The process: its id, output, signals and end. */
  readonly child: Child;
  /** The folder that holds the datasets. */
  readonly repo: string;
  readonly port: number;
  /** Where Flight clients connect, `grpc://127.0.0.1:PORT`. */
  readonly location: string;
  /** Where HTTP clients connect, `http://127.0.0.1:PORT`. */
  readonly url: string;
}

const dist = join(import.meta.dirname, "../../dist");

/**
 * The program of the command line. `npm test` and `npm run bench` run the bundle that is published. A test that runs by
 * itself uses what the compiler wrote, because `tsc -b` does not make the bundle again.
 */
export const hangarProgram = join(dist, process.env["HANGAR_BUNDLE"] ? "bin/main.js" : "cli/main.js");

/** Starts `hangar serve` on a free port over an empty folder; `args` are added to the command line. */
export function startHangar(...args: string[]): Promise<TestServer> {
  return startHangarWith({}, ...args);
}

/** Starts `hangar serve` with environment variables besides those of this process, over a folder or an `--upstream`. */
export function startHangarWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<TestServer> {
  return startServer((repo) => {
    const folder = args.includes("--upstream") ? [] : ["--repo", repo];
    const serve = ["serve", "--host", "127.0.0.1", "--port", "0", ...folder, ...args];
    return startChild(process.execPath, [hangarProgram, ...serve], env);
  }, /Flight at/);
}

/** Starts `hangar serve --upstream` on a free port, before a server that runs; `args` are added to the command line. */
export async function startProxy(
  upstream: Pick<TestServer, "location" | "repo">,
  ...args: string[]
): Promise<TestServer> {
  const serve = ["serve", "--host", "127.0.0.1", "--port", "0", "--upstream", upstream.location, ...args];
  const proxy = await startServer(() => startChild(process.execPath, [hangarProgram, ...serve]), /Flight at/);
  return { ...proxy, repo: upstream.repo };
}

/** Starts a server and a proxy before it; both end together. */
export async function startBehindProxy(start: () => Promise<TestServer>, ...args: string[]): Promise<TestServer> {
  const upstream = await start();
  try {
    const proxy = await startProxy(upstream, ...args);
    const dispose = async (): Promise<void> => {
      await proxy[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    };
    return { ...proxy, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await upstream[Symbol.asyncDispose]();
    throw error;
  }
}

/** Starts pyarrow's own server, as the cookbook's recipe has it, on a free port over an empty folder. */
export async function startRecipe(): Promise<TestServer> {
  const python = await ensurePython();
  return startServer((repo) => startChild(python, [join(import.meta.dirname, "recipe-server.py"), repo]));
}

/** Starts a pyarrow server with the recipe's contract, written for production, on a free port over an empty folder. */
export async function startStreaming(): Promise<TestServer> {
  const python = await ensurePython();
  return startServer((repo) => startChild(python, [join(import.meta.dirname, "streaming-server.py"), repo]));
}

/** Starts pyarrow's own server, with all that is put in memory, on a free port. */
export async function startPyarrowMemory(): Promise<TestServer> {
  const python = await ensurePython();
  return startServer((repo) => startChild(python, [join(import.meta.dirname, "memory-server.py"), repo]));
}

/** Starts a server that is a TypeScript program of this folder; its arguments come after the folder of datasets. */
export function startProgram(name: string, ...args: string[]): Promise<TestServer> {
  return startServer((repo) => startChild(process.execPath, [join(import.meta.dirname, name), repo, ...args]));
}

/** @param before - what stands before the location in the line that says where the server serves */
async function startServer(start: (repo: string) => Child, before = /^/m): Promise<TestServer> {
  const folder = await createTemporaryFolder();
  const child = start(folder.path);
  async function dispose(): Promise<void> {
    await child[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  }
  try {
    const match = await child.waitFor(new RegExp(`${before.source}.*?grpc(?:\\+tcp)?://127\\.0\\.0\\.1:(\\d+)`, "m"));
    const port = Number(match[1]);
    return toTestServer({ child, repo: folder.path, port }, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A server that listens on a port of this machine. */
export function toTestServer(
  server: Pick<TestServer, "child" | "repo" | "port">,
  dispose: () => Promise<void>,
): TestServer {
  const authority = `127.0.0.1:${server.port}`;
  return { ...server, location: `grpc://${authority}`, url: `http://${authority}`, [Symbol.asyncDispose]: dispose };
}
