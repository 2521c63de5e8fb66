import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AccessConfig } from "../../src/auth/index.ts";
import { calls, outcomeOf, type Expected } from "./calls.ts";
import { serveProxy, serveStore, type GuardedServer } from "./guarded-servers.ts";
import { createIssuer, type TestIssuer } from "./issuer.ts";
import { waysIn } from "./ways-in.ts";

/*
 * Every way in, with every method, by every credential: what each call comes to, and that it has no effect that it should
 * not have.
 */

let issuer: TestIssuer;
let stranger: TestIssuer;

/** Credentials, by whether they are of nobody, of one who may do little, or of one who may do everything. */
const credentials: Record<string, [keyof Expected, () => Promise<string | undefined>]> = {
  none: ["unknown", async () => undefined],
  malformed: ["unknown", async () => "Bearer two words"],
  "an unknown scheme": ["unknown", async () => "Digest x"],
  "an unknown token": ["unknown", async () => "Bearer hangar_x"],
  expired: ["unknown", async () => `Bearer ${await issuer.sign("able", { expiresIn: -3600 })}`],
  "signed by another key": ["unknown", async () => `Bearer ${await stranger.sign("able")}`],
  "for another audience": ["unknown", async () => `Bearer ${await issuer.sign("able", { audience: "other" })}`],
  "without the right": ["unable", async () => `Bearer ${await issuer.sign("unable")}`],
  right: ["able", async () => `Bearer ${await issuer.sign("able")}`],
};

let store: GuardedServer;
let upstream: GuardedServer;
let proxy: GuardedServer;

beforeAll(async () => {
  issuer = await createIssuer();
  stranger = await createIssuer();
  const config: AccessConfig = {
    anonymous: "none",
    // A user, so that there is a handshake.
    users: [{ name: "ali", password: `$scrypt$ln=4,r=8,p=1$${"a".repeat(22)}$${"a".repeat(43)}` }],
    jwt: [{ issuer: issuer.issuer, audience: issuer.audience, keys: { jwks: issuer.jwks } }],
    rules: [
      { subjects: ["jwt:able"], rights: ["read", "replace", "drop", "admin"], datasets: ["**"] },
      { subjects: ["jwt:unable"], rights: ["read"], datasets: ["open/**"] },
    ],
  };
  store = await serveStore(config);
  upstream = await serveStore();
  proxy = await serveProxy(upstream, config);
});
afterAll(async () => {
  for (const server of [proxy, upstream, store]) await server[Symbol.asyncDispose]();
});

const servers = { store: () => store, "a proxy": () => proxy };

describe.each(Object.entries(servers))("%s", (kind, serverOf) => {
  describe.each(Object.entries(waysIn))("by %s", (way, createTransport) => {
    const cells = [...calls].flatMap(([name, call]) =>
      Object.entries(credentials).map(([credential, [caller, make]]) => ({ name, call, credential, caller, make })),
    );

    test.each(cells)("$name with credentials: $credential", async ({ call, credential, caller, make }) => {
      const server = serverOf();
      const before = await server.snapshot();
      const value = await make();
      const headers = value === undefined ? {} : { authorization: value };
      const isStream = way === "a duplex stream";
      const expected = {
        unknown: "unauthenticated",
        able: "ok",
        ...call.expected,
        ...(kind === "a proxy" && call.byProxy),
        ...(isStream && call.byStream),
      };
      const outcome = await outcomeOf(async () => await call.run(createTransport(server.port), headers));
      // What is shown and is not valid is refused, also where nothing need be shown; only health does not look, and the
      // stream that would carry it does.
      const isRefused = caller === "unknown" && credential !== "none" && (isStream || expected.unknown !== "ok");
      const wanted = isRefused ? "unauthenticated" : expected[caller];
      const after = await server.snapshot();
      const hasEffect = wanted.endsWith(" +");
      const isChanged = before.join() !== after.join();
      if (isChanged) await server.reset();
      expect({ outcome, isChanged }).toEqual({ outcome: wanted.replace(/ \+$/, ""), isChanged: hasEffect });
    });
  });
});
