import type { BrowserCommand } from "vitest/node";
import type { ServerKind } from "../conformance/server-kinds.ts";
import { startScenario, type RunningScenario } from "../conformance/start-scenario.ts";
import { startFlakyProxy } from "../support/flaky-proxy.ts";
import { startNginx } from "../support/nginx.ts";
import { startRoapi } from "../support/roapi.ts";
import { startBehindProxy, startProgram, startRecipe, type TestServer } from "../support/server.ts";
import type { PageServer, ProxiedServer } from "./routes.ts";

declare module "vitest/browser" {
  interface BrowserCommands {
    /** Starts a server with the scenarios over an empty folder, with all that is on the ways to it. */
    startServer: () => Promise<PageServer>;
    /** Stops a server. Throws where it has said that something is wrong with it, such as too many listeners. */
    stopServer: (id: number) => Promise<void>;
    /** Starts pyarrow's recipe server, ROAPI or a server with the scenarios, and a proxy before it; gives its address. */
    startProxied: (what: ProxiedServer) => Promise<string>;
    /** Stops a proxy and the server behind it. */
    stopProxied: (url: string) => Promise<void>;
    /** Starts a server of a scenario, which takes calls of the page's origin; gives its port. */
    startScenario: (kind: ServerKind, name: string, origin: string) => Promise<number>;
    /** Stops a server of a scenario. */
    stopScenario: (port: number) => Promise<void>;
    /** Starts the server of `serve-credentials.ts`; gives its address. */
    startCredentials: () => Promise<string>;
    /** Stops it. */
    stopCredentials: (url: string) => Promise<void>;
    /** Starts the server of `serve-access.ts`; gives its address, which `stopProxied` takes. */
    startAccess: () => Promise<string>;
    /** How many Sends have failed on the ways where some do. */
    countFailedSends: (id: number) => Promise<number>;
  }
}

interface RunningServer extends AsyncDisposable {
  readonly page: PageServer;
  output(): string;
  failedSendCount(): number;
}

const running = new Map<number, RunningServer>();

async function start(id: number): Promise<RunningServer> {
  await using parts = new AsyncDisposableStack();
  const server = parts.use(await startProgram("../client/serve-scenario.ts"));
  const flaky = parts.use(await startFlakyProxy(server.url));
  const nginx = parts.use(await startNginx([server.url, flaky.url]));
  const tlsPort = /grpc\+tls:\/\/127\.0\.0\.1:(\d+)/.exec(server.child.output())?.[1];
  const owned = parts.move();
  return {
    page: {
      id,
      urls: {
        "HTTP/1.1": server.url,
        "HTTP/2 with TLS": `https://127.0.0.1:${tlsPort}`,
        "HTTP/1.1 behind nginx": nginx.http[0]!,
        "HTTP/2 with TLS behind nginx": nginx.https[0]!,
      },
      flakyUrls: [flaky.url, nginx.http[1]!],
    },
    output: server.child.output,
    failedSendCount: flaky.failureCount,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const proxied = new Map<string, TestServer>();

const upstreams: Record<ProxiedServer, () => Promise<TestServer>> = {
  recipe: startRecipe,
  roapi: startRoapi,
  scenarios: () => startProgram("../client/serve-scenario.ts"),
};

const runningScenarios = new Map<number, RunningScenario>();

let startedCount = 0;

/** What a page may ask of the Node that runs it. */
export const commands = {
  startServer: async () => {
    const id = startedCount++;
    const server = await start(id);
    running.set(id, server);
    return server.page;
  },
  stopServer: async (_context, id: number) => {
    const server = running.get(id)!;
    running.delete(id);
    await server[Symbol.asyncDispose]();
    if (/warning/i.test(server.output())) throw new Error(`the server said: ${server.output()}`);
  },
  startProxied: async (_context, what: ProxiedServer) => {
    const proxy = await startBehindProxy(upstreams[what], "--cors-origin", "*", "--forward-header", "x-question");
    proxied.set(proxy.url, proxy);
    return proxy.url;
  },
  stopProxied: async (_context, url: string) => {
    await proxied.get(url)?.[Symbol.asyncDispose]();
    proxied.delete(url);
  },
  startScenario: async (_context, kind: ServerKind, name: string, origin: string) => {
    const server = await startScenario(kind, name, [origin]);
    runningScenarios.set(server.port, server);
    return server.port;
  },
  stopScenario: async (_context, port: number) => {
    await runningScenarios.get(port)?.[Symbol.asyncDispose]();
    runningScenarios.delete(port);
  },
  startCredentials: async () => {
    const server = await startProgram("../client/serve-credentials.ts");
    proxied.set(server.url, server);
    return server.url;
  },
  startAccess: async () => {
    const server = await startProgram("../auth/serve-access.ts");
    proxied.set(server.url, server);
    return server.url;
  },
  stopCredentials: async (context, url: string) => await commands.stopProxied(context, url),
  countFailedSends: async (_context, id: number) => running.get(id)!.failedSendCount(),
} satisfies Record<string, BrowserCommand<never[]>>;
