import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken, type AccessConfig } from "../../src/auth/index.ts";
import { connect } from "../../src/client-node/index.ts";
import type { UpstreamCredentials } from "../../src/proxy/index.ts";
import { serveGuardedProxy, serveGuardedStore, type GuardedServer } from "./guarded-servers.ts";

/** By which credentials a proxy calls an upstream that asks who calls. */

const [own, caller, shared] = [createToken(), createToken(), createToken()];
const upstreamConfig: AccessConfig = {
  anonymous: "none",
  tokens: [
    { name: "proxy", sha256: own.sha256 },
    { name: "both", sha256: shared.sha256 },
  ],
};
const proxyConfig: AccessConfig = {
  anonymous: "none",
  tokens: [
    { name: "caller", sha256: caller.sha256 },
    { name: "both", sha256: shared.sha256 },
  ],
  rules: [{ subjects: ["*"], rights: ["read"], datasets: ["open/**"] }],
};

let upstream: GuardedServer;
beforeAll(async () => void (upstream = await serveGuardedStore(upstreamConfig)));
afterAll(() => upstream[Symbol.asyncDispose]());

const replaced: UpstreamCredentials = { kind: "replace", authorization: `Bearer ${own.token}` };

test.each<[string, UpstreamCredentials, token: string, outcome: string]>([
  ["the caller's, which the upstream does not know", { kind: "forward" }, caller.token, "unauthenticated"],
  ["the caller's, which both know", { kind: "forward" }, shared.token, "open/a"],
  ["the proxy's", replaced, caller.token, "open/a"],
  ["the proxy's, for nobody whom the proxy knows", replaced, own.token, "unauthenticated"],
  ["none", { kind: "none" }, shared.token, "unauthenticated"],
])("%s", async (_what, credentials, token, outcome) => {
  await using proxy = await serveGuardedProxy(upstream, proxyConfig, credentials);
  const client = connect(`grpc://127.0.0.1:${proxy.port}`, { token });
  const listed = await Array.fromAsync(client.list()).then(
    (datasets) => datasets.map(({ name }) => name).join(" "),
    (reason: unknown) => (reason as { code: string }).code,
  );
  expect(listed).toBe(outcome);
  // What the upstream would show to the proxy's own credentials stays behind it.
  const hidden = client.info("secret/a");
  await expect(hidden).rejects.toMatchObject({ code: token === own.token ? "unauthenticated" : "not_found" });
  client.close();
});
