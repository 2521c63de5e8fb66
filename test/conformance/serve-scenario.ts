import { anonymous } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** A server in the test's own process. */
export interface ScenarioServer extends AsyncDisposable {
  readonly port: number;
  /** Addresses that calls came from: as many as there were connections. */
  readonly peers: ReadonlySet<string>;
  /** What the server logged as errors. */
  readonly errors: readonly object[];
}

/** Serves a scenario on a free port of this machine, to pages of some origins as well. */
export async function serveScenario(
  { producer, authenticate = () => anonymous }: Scenario,
  corsOrigins: readonly string[] = [],
): Promise<ScenarioServer> {
  const peers = new Set<string>();
  const errors: object[] = [];
  const server = createFlightServer({
    producer,
    corsOrigins,
    logger: { debug() {}, info() {}, warn() {}, error: (details) => void errors.push(details) },
    authenticate: (request) => {
      peers.add(request.peer);
      return authenticate(request);
    },
  });
  const { port } = await server.listen({ port: 0 });
  return { port, peers, errors, [Symbol.asyncDispose]: () => server.close({ drainTimeoutMs: 0 }) };
}
