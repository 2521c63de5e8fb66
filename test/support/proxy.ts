import { createProxy, type ProxyOptions } from "../../src/proxy/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";

/** A proxy in the test's own process. */
export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** What the proxy logged as errors. */
  readonly errors: readonly object[];
}

/** Serves a proxy on a free port of this machine; no call outlives it. */
export async function serveProxy(options: ProxyOptions, server: Partial<FlightServerOptions> = {}): Promise<TestProxy> {
  const proxy = createProxy(options);
  const errors: object[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (details: object) => void errors.push(details) };
  const serving = createFlightServer({ ...proxy, logger, ...server });
  const { port } = await serving.listen({ port: 0 });
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    errors,
    async [Symbol.asyncDispose]() {
      proxy.close();
      await serving.close({ drainTimeoutMs: 0 });
    },
  };
}
