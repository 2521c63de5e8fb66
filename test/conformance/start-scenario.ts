import type { ServerKind } from "./server-kinds.ts";
import { startGoServer } from "../support/start-go-server.ts";
import { serveProxy } from "../support/proxy.ts";
import { scenarios } from "./scenarios/index.ts";
import { serveScenario } from "./serve-scenario.ts";

/** A server of one scenario. */
export interface RunningScenario extends AsyncDisposable {
  readonly port: number;
  /** What it logged as errors, or printed. */
  errors(): unknown;
}

/**
 * Starts a server of a scenario on a free port of this machine.
 *
 * @param corsOrigins - pages that may call; the official server takes no calls of pages
 */
export async function startScenario(
  kind: ServerKind,
  name: string,
  corsOrigins: readonly string[] = [],
): Promise<RunningScenario> {
  if (kind === "our server") {
    const server = await serveScenario(scenarios.get(name)!(), corsOrigins);
    return { port: server.port, errors: () => server.errors, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
  }
  await using parts = new AsyncDisposableStack();
  const server = parts.use(await startGoServer("arrow-flight-integration-server", "-scenario", name));
  let { port } = server;
  let errors: () => unknown = () => server.child.output();
  if (kind === "the official server through the proxy") {
    const upstream = `grpc://localhost:${port}`;
    const proxy = parts.use(await serveProxy({ upstream, forwardHeaders: ["x-middleware"] }, { corsOrigins }));
    port = proxy.port;
    errors = () => proxy.errors;
  }
  const owned = parts.move();
  return { port, errors, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
