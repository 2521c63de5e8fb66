import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Transport } from "@connectrpc/connect";
import type { FlightServerOptions } from "../../src/server/index.ts";
import { calls, outcomeOf } from "./calls.ts";
import { createCredentials, type Shown } from "./credentials.ts";
import { serveGuardedProxy, serveGuardedStore, type GuardedServer } from "./guarded-servers.ts";
import { waysIn } from "./ways-in.ts";

/*
 * Every way in, with every method, by every credential: what each call comes to, and that it has no effect that it should
 * not have.
 */

const credentials = await createCredentials();
const ended = new AsyncDisposableStack();
ended.use(credentials);
let upstream: GuardedServer;

/** A server without TLS, and one that asks for client certificates. */
interface Servers {
  readonly plain: GuardedServer;
  readonly withTls: GuardedServer;
}

const servers: Record<"store" | "a proxy", (options: Partial<FlightServerOptions>) => Promise<GuardedServer>> = {
  store: async (options) => await serveGuardedStore(credentials.config, options),
  "a proxy": async (options) => await serveGuardedProxy(upstream, credentials.config, { kind: "none" }, options),
};

beforeAll(async () => {
  upstream = ended.use(await serveGuardedStore());
});
afterAll(() => ended.disposeAsync());

describe.each(Object.entries(servers))("%s", (kind, serve) => {
  let running: Servers;
  beforeAll(async () => {
    const trustedProxies = ["127.0.0.1"];
    running = {
      plain: ended.use(await serve({ trustedProxies })),
      withTls: ended.use(await serve({ trustedProxies, tls: credentials.tls })),
    };
  });

  describe.each(Object.entries(waysIn))("by %s", (way, createTransport) => {
    /** A connection for each certificate and for none, which the cells share. */
    const transports = new Map<unknown, Transport>();
    const transportOf = ({ certificate }: Shown): Transport => {
      const { port } = certificate ? running.withTls : running.plain;
      const tls = certificate && credentials.clientTls(certificate);
      const transport = transports.get(certificate) ?? createTransport({ port, tls });
      transports.set(certificate, transport);
      return transport;
    };
    const cells = [...calls].flatMap(([name, call]) =>
      credentials.all.flatMap((credential) => {
        const { caller } = credential;
        // plain-http.test.ts and create-only.test.ts are about those who may only create.
        return caller === "creator" ? [] : [{ name, call, credential, caller, shown: credential.name }];
      }),
    );

    test.each(cells)("$name with credentials: $shown", async ({ call, credential, caller }) => {
      const shown = await credential.show();
      const server = shown.certificate ? running.withTls : running.plain;
      const before = await server.snapshot();
      const isStream = way === "a duplex stream";
      const isAmbient = credential.kind === "a session" || credential.kind === "a client certificate";
      const expected = {
        unknown: "unauthenticated",
        able: "ok",
        ...call.expected,
        ...(isAmbient && call.byAmbient),
        ...(kind === "a proxy" && call.byProxy),
        ...(isStream && call.byStream),
      };
      const outcome = await outcomeOf(async () => await call.run(transportOf(shown), shown.headers ?? {}));
      // What is shown and is not valid is refused, also where nothing need be shown; only health does not look, and the
      // stream that would carry it does.
      const isRefused = caller === "unknown" && !credential.isNone && (isStream || expected.unknown !== "ok");
      const wanted = isRefused ? "unauthenticated" : expected[caller];
      const after = await server.snapshot();
      const hasEffect = wanted.endsWith(" +");
      const isChanged = before.join() !== after.join();
      if (isChanged) await server.reset();
      expect({ outcome, isChanged }).toEqual({ outcome: wanted.replace(/ \+$/, ""), isChanged: hasEffect });
    });
  });
});
