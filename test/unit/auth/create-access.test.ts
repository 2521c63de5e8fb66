import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createAccess, createToken, Sealer, type AccessConfig } from "../../../src/auth/index.ts";
import { PasswordBearers } from "../../../src/auth/credentials/password-bearer.ts";
import type { FlightError } from "../../../src/flight/index.ts";
import type { ClientCertificate, Identity } from "../../../src/producer/index.ts";
import { cheapHash } from "../../auth/cheap-hash.ts";
import { createIssuer } from "../../auth/issuer.ts";

const token = createToken();
const expired = createToken();
const sessionKey = randomBytes(32);
const user = { name: "ann", password: cheapHash("pass:word"), groups: ["readers"] };

const config: AccessConfig = {
  anonymous: "none",
  tokens: [
    { name: "etl", sha256: token.sha256, groups: ["writers"] },
    { name: "old", sha256: expired.sha256, expires: new Date(Date.now() - 1000) },
  ],
  users: [user],
  clientCertificates: {
    ca: "",
    principals: [
      { match: "O=Example, CN=ali", name: "ali", groups: ["readers"] },
      { match: "URI:spiffe://example/job", name: "job" },
    ],
  },
  sessionKey,
};

interface Shown {
  readonly authorization?: string;
  readonly binary?: string;
  readonly clientCertificate?: ClientCertificate;
  readonly method?: string;
}

async function identify(config: AccessConfig, shown: Shown): Promise<Identity | string> {
  const header = new Headers();
  if (shown.authorization !== undefined) header.set("authorization", shown.authorization);
  if (shown.binary !== undefined) header.set("auth-token-bin", shown.binary);
  const { clientCertificate, method = "arrow.flight.protocol.FlightService/DoGet" } = shown;
  const { authenticate } = createAccess(config);
  return await Promise.resolve(authenticate({ header, peer: "", method, clientCertificate })).catch(
    (reason: unknown) => (reason as FlightError).code,
  );
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
const bearerOf = async (options: { key?: Uint8Array; lifeSeconds?: number; of?: typeof user } = {}): Promise<string> =>
  await new PasswordBearers([user], { key: sessionKey, ...options }).give(options.of ?? user);

const ali = { subject: "O=Example, CN=ali", names: [] };

describe("credentials", () => {
  const etl = { subject: "etl", groups: ["writers"] };
  const ann = { subject: "ann", groups: ["readers"] };
  const refused = "unauthenticated";
  test.each<[string, () => Shown | Promise<Shown>, Identity | string]>([
    ["none", () => ({}), refused],
    ["a token", () => ({ authorization: `Bearer ${token.token}` }), etl],
    ["a token, the scheme in another case", () => ({ authorization: `bearer  ${token.token}` }), etl],
    ["a token in auth-token-bin", () => ({ binary: Buffer.from(token.token).toString("base64") }), etl],
    ["an expired token", () => ({ authorization: `Bearer ${expired.token}` }), refused],
    ["the digest of a token", () => ({ authorization: `Bearer ${token.sha256}` }), refused],
    ["an unknown token", () => ({ authorization: "Bearer hangar_x" }), refused],
    ["an empty token", () => ({ authorization: "Bearer " }), refused],
    ["two headers", () => ({ authorization: `Bearer ${token.token}, Bearer x` }), refused],
    ["no scheme", () => ({ authorization: token.token }), refused],
    ["an unknown scheme", () => ({ authorization: `Token ${token.token}` }), refused],
    ["no UTF-8 in auth-token-bin", () => ({ binary: "//79" }), refused],
    ["a password with a colon in it", () => ({ authorization: basic("ann:pass:word") }), ann],
    ["a wrong password", () => ({ authorization: basic("ann:password") }), refused],
    ["an empty password", () => ({ authorization: basic("ann:") }), refused],
    ["another user's password", () => ({ authorization: basic("bob:pass:word") }), refused],
    ["no colon", () => ({ authorization: basic("ann") }), refused],
    ["the hash of the password", () => ({ authorization: basic(`ann:${user.password}`) }), refused],
    ["a password of a megabyte", () => ({ authorization: basic(`ann:${"x".repeat(1_000_000)}`) }), refused],
    ["a bearer", async () => ({ authorization: `Bearer ${await bearerOf()}` }), ann],
    ["an expired bearer", async () => ({ authorization: `Bearer ${await bearerOf({ lifeSeconds: -60 })}` }), refused],
    [
      "a bearer by another key",
      async () => ({ authorization: `Bearer ${await bearerOf({ key: randomBytes(32) })}` }),
      refused,
    ],
    [
      "a bearer of before the password was changed",
      async () => ({ authorization: `Bearer ${await bearerOf({ of: { ...user, password: cheapHash("before") } })}` }),
      refused,
    ],
    [
      "a bearer of a user who is gone",
      async () => ({ authorization: `Bearer ${await bearerOf({ of: { ...user, name: "bob" } })}` }),
      refused,
    ],
    [
      "what is sealed for another purpose",
      async () => {
        const sealer = new Sealer("hangar session", sessionKey);
        return { authorization: `Bearer ${await sealer.seal({ sub: "ann" }, new Date(Date.now() + 60_000))}` };
      },
      refused,
    ],
    ["a JWT where there are no issuers", async () => ({ authorization: `Bearer ${await jwt()}` }), refused],
    ["a certificate by its subject", () => ({ clientCertificate: ali }), { subject: "ali", groups: ["readers"] }],
    [
      "a certificate by one of its names",
      () => ({ clientCertificate: { subject: "CN=x", names: ["DNS:job", "URI:spiffe://example/job"] } }),
      { subject: "job", groups: [] },
    ],
    ["a certificate of nobody", () => ({ clientCertificate: { subject: "CN=eve", names: [] } }), refused],
    [
      "a certificate that has another's subject as a name",
      () => ({ clientCertificate: { subject: "CN=eve", names: ["DNS:O=Example, CN=ali"] } }),
      refused,
    ],
    [
      "a token and a certificate: the token counts",
      () => ({ authorization: `Bearer ${token.token}`, clientCertificate: ali }),
      etl,
    ],
    [
      "an unknown token and a certificate",
      () => ({ authorization: "Bearer hangar_x", clientCertificate: ali }),
      refused,
    ],
    ["none for a handshake", () => ({ method: "arrow.flight.protocol.FlightService/Handshake" }), { subject: "" }],
    ["none for a stream", () => ({ method: "hangar.v1.DuplexService/Open" }), { subject: "" }],
    [
      "an unknown token for a stream",
      () => ({ authorization: "Bearer x", method: "hangar.v1.DuplexService/Open" }),
      refused,
    ],
  ])("%s", async (_what, make, expected) => {
    expect(await identify(config, await make())).toEqual(expected);
  });

  async function jwt(): Promise<string> {
    return await (await createIssuer()).sign("ann");
  }

  test("are asked for at a handshake where there are no users", async () => {
    const { users: _, ...others } = config;
    expect(createAccess(others).handshake).toBeUndefined();
    expect(await identify(others, { method: "arrow.flight.protocol.FlightService/Handshake" })).toBe("unauthenticated");
  });

  test("that are wrong are refused also where none are needed", async () => {
    const open: AccessConfig = { ...config, anonymous: "read" };
    expect(await identify(open, {})).toEqual({ subject: "" });
    expect(await identify(open, { authorization: "Bearer x" })).toBe("unauthenticated");
  });
});

describe("a configuration", () => {
  test.each<[string, Partial<AccessConfig>, string]>([
    ["a digest that is none", { tokens: [{ name: "a", sha256: "secret-token" }] }, `the sha256 of token "a"`],
    ["a password that is none", { users: [{ name: "a", password: "secret-password" }] }, "the hash of a password"],
    ["two users of a name", { users: [user, user] }, "two users have the same name"],
    ["a short key", { sessionKey: randomBytes(16) }, "at least 32 bytes"],
    ["a rule of nobody", { rules: [{ rights: ["read"], datasets: ["**"] }] }, "neither subjects nor groups"],
    ["a rule of no datasets", { rules: [{ subjects: ["a"], rights: ["read"], datasets: [] }] }, "no datasets"],
    ["an empty glob", { rules: [{ subjects: ["a"], rights: ["read"], datasets: [""] }] }, "empty glob"],
    [
      "a glob that is none",
      { rules: [{ subjects: ["a"], rights: ["read"], datasets: ["["] }] },
      "the pattern is not valid",
    ],
    ["bearers of no time", { bearerSeconds: 0 }, "more than 0 seconds"],
  ])("with %s is refused, and its secrets are not repeated", (_what, part, words) => {
    expect(() => createAccess({ ...config, ...part })).toThrow(words);
    expect(() => createAccess({ ...config, ...part })).not.toThrow("secret");
  });

  test("with JWTs needs rules, different prefixes, safe algorithms and safe addresses", async () => {
    const { issuer, audience, jwks } = await createIssuer();
    const one = { issuer, audience, keys: { jwks } };
    const rules = [{ subjects: ["*"], rights: ["read" as const], datasets: ["**"] }];
    const create =
      (jwt: AccessConfig["jwt"], other: Partial<AccessConfig> = {}) =>
      () =>
        createAccess({ anonymous: "none", jwt, rules, ...other });
    expect(create([one])).not.toThrow();
    expect(create([one], { rules: [] })).toThrow("JWTs need rules");
    expect(create([one, { ...one, issuer: "https://other.example" }])).toThrow("different prefixes");
    expect(create([{ ...one, algorithms: ["HS256"] }])).toThrow('algorithm "HS256"');
    expect(create([{ ...one, algorithms: ["none"] }])).toThrow('algorithm "none"');
    expect(create([{ ...one, audience: [] }])).toThrow("no audience");
    expect(create([{ ...one, clockSkewSeconds: 3600 }])).toThrow("clock skew");
    expect(create([{ ...one, keys: { jwksUri: "http://keys.example" } }])).toThrow("https://");
  });
});

describe("many calls with passwords at once from one address", () => {
  const method = "arrow.flight.protocol.FlightService/DoGet";
  const { authenticate } = createAccess({ anonymous: "none", users: [user] });
  const call = async (peer: string, text: string): Promise<string> => {
    const header = new Headers({ authorization: basic(text) });
    return await Promise.resolve(authenticate({ header, peer, method })).then(
      ({ subject }) => subject,
      (reason: unknown) => (reason as FlightError).code,
    );
  };

  test("pass if the password is right; of wrong ones eight are checked, and other addresses are served", async () => {
    const right = Array.from({ length: 60 }, (_, i) => call(`192.0.2.1:${i}`, "ann:pass:word"));
    expect(new Set(await Promise.all(right))).toEqual(new Set(["ann"]));
    const wrong = Array.from({ length: 60 }, (_, i) => call(`192.0.2.2:${i}`, `ann:${i}`));
    expect(await call("192.0.2.3:1", "ann:pass:word")).toBe("ann");
    expect(await call("192.0.2.3:1", "ann:other")).toBe("unauthenticated");
    const outcomes = await Promise.all(wrong);
    expect(outcomes.filter((each) => each === "unauthenticated")).toHaveLength(8);
    expect(outcomes.filter((each) => each === "resource_exhausted")).toHaveLength(52);
  });
});
