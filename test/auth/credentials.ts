import type { SecureClientSessionOptions } from "node:http2";
import { randomBytes } from "node:crypto";
import { createAccess, createToken, Sealer, type AccessConfig } from "../../src/auth/index.ts";
import { createAuthority, type IssuedCertificate } from "../support/authority.ts";
import { cheapHash } from "./cheap-hash.ts";
import { createIssuer } from "./issuer.ts";

/** Whom credentials name: nobody, or one who may do little, create, or do everything. */
export type Caller = "unknown" | "unable" | "creator" | "able";

/** What a client sends to show who it is. */
export interface Shown {
  readonly headers?: Readonly<Record<string, string>>;
  /** A client certificate. The server must be the one with TLS. */
  readonly certificate?: IssuedCertificate;
}

/** All kinds of credentials. */
const kinds = ["a JWT", "a static token", "a password", "a session", "a client certificate"] as const;

/** A kind of credentials. */
export type Kind = (typeof kinds)[number] | "none";

/** What credentials of every kind can be. */
type State = "malformed" | "wrong" | "expired" | "without the right" | "right";

/** Makes what to show, or says why credentials cannot be so. */
type Cell = (() => Shown | Promise<Shown>) | { readonly impossible: string };

/** Credentials of one kind in one state. */
export interface Credential {
  readonly name: string;
  readonly kind: Kind;
  readonly caller: Caller;
  /** Whether a server takes it for no credentials: none, and a session that is not valid. */
  readonly isNone: boolean;
  show(): Shown | Promise<Shown>;
}

/** Credentials of every kind in every state, and the servers that they are for. */
export interface TestCredentials extends AsyncDisposable {
  readonly config: AccessConfig;
  /** The certificate of a server that asks for client certificates. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer; readonly clientCa: Buffer };
  readonly all: readonly Credential[];
  /** The headers of a caller whom no other credentials name. It may create datasets in `owned`. */
  readonly owner: Readonly<Record<string, string>>;
  /** Returns the options of a client of the server with TLS. */
  clientTls(certificate?: IssuedCertificate): SecureClientSessionOptions;
}

const callers: Record<State, Caller> = {
  malformed: "unknown",
  wrong: "unknown",
  expired: "unknown",
  "without the right": "unable",
  right: "able",
};

/** Makes credentials of every kind, and the configuration that knows them. Servers trust X-Forwarded-For of 127.0.0.1. */
export async function createCredentials(): Promise<TestCredentials> {
  const [issuer, stranger] = [await createIssuer(), await createIssuer()];
  const [authority, otherAuthority] = [await createAuthority(), await createAuthority()];
  const [able, unable, old, owner] = [createToken(), createToken(), createToken(), createToken()];
  const sessionKey = randomBytes(32);
  const password = "open sesame";
  const config: AccessConfig = {
    anonymous: "none",
    sessionKey,
    tokens: [
      { name: "able", sha256: able.sha256 },
      { name: "unable", sha256: unable.sha256 },
      { name: "able", sha256: old.sha256, expires: new Date(Date.now() - 1000) },
      { name: "owner", sha256: owner.sha256 },
    ],
    users: ["able", "unable"].map((name) => ({ name, password: cheapHash(password) })),
    jwt: [{ issuer: issuer.issuer, audience: issuer.audience, keys: { jwks: issuer.jwks } }],
    clientCertificates: {
      ca: authority.ca,
      principals: ["able", "unable"].map((name) => ({ match: `CN=${name}`, name })),
    },
    rules: [
      { subjects: ["jwt:able", "able"], rights: ["read", "replace", "drop", "admin"], datasets: ["**"] },
      { subjects: ["jwt:creator"], rights: ["write"], datasets: ["**"] },
      { subjects: ["jwt:unable", "unable"], rights: ["read"], datasets: ["open/**"] },
      { subjects: ["owner"], rights: ["write"], datasets: ["owned/**"] },
    ],
  };
  const { signIn } = createAccess(config);
  const bearer = (token: string): Shown => ({ headers: { authorization: `Bearer ${token}` } });
  let attemptCount = 0;
  const basic = (text: string): Shown => {
    // An address of its own, because wrong passwords slow an address down.
    attemptCount += 1;
    const from = `198.18.${(attemptCount >> 8) & 0xff}.${attemptCount & 0xff}`;
    return {
      headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}`, "x-forwarded-for": from },
    };
  };
  const session = (value: string): Shown => ({ headers: { cookie: `hangar-session=${value}` } });
  const seal = async (key: Uint8Array, seconds: number): Promise<string> => {
    const payload = { sub: "jwt:able", grp: [], by: issuer.issuer };
    return await new Sealer("hangar session", key).seal(payload, new Date(Date.now() + 1000 * seconds));
  };
  const certificates = {
    wrong: await otherAuthority.issue("/CN=able"),
    expired: await authority.issueExpired("/CN=able", "DNS:able"),
    unknown: await authority.issue("/CN=nobody"),
    unable: await authority.issue("/CN=unable"),
    able: await authority.issue("/CN=able"),
  };
  const table: Record<(typeof kinds)[number], Record<State, Cell>> = {
    "a JWT": {
      malformed: () => bearer("two words"),
      wrong: async () => bearer(await stranger.sign("able")),
      expired: async () => bearer(await issuer.sign("able", { expiresIn: -3600 })),
      "without the right": async () => bearer(await issuer.sign("unable")),
      right: async () => bearer(await issuer.sign("able")),
    },
    "a static token": {
      malformed: () => ({ headers: { authorization: "Bearer" } }),
      wrong: () => bearer("hangar_x"),
      expired: () => bearer(old.token),
      "without the right": () => bearer(unable.token),
      right: () => bearer(able.token),
    },
    "a password": {
      malformed: () => basic("without a colon"),
      wrong: () => basic("able:wrong"),
      expired: { impossible: "a password does not expire" },
      "without the right": () => basic(`unable:${password}`),
      right: () => basic(`able:${password}`),
    },
    "a session": {
      malformed: () => session("x"),
      wrong: async () => session(await seal(randomBytes(32), 3600)),
      expired: async () => session(await seal(sessionKey, -1)),
      "without the right": async () => session((await signIn.withToken(unable.token, "")).value),
      right: async () => session((await signIn.withPassword("able", password, "")).value),
    },
    "a client certificate": {
      malformed: { impossible: "TLS refuses it before there is a request" },
      wrong: () => ({ certificate: certificates.wrong }),
      expired: () => ({ certificate: certificates.expired }),
      "without the right": () => ({ certificate: certificates.unable }),
      right: () => ({ certificate: certificates.able }),
    },
  };
  const cells = kinds.flatMap((kind) =>
    Object.entries(callers).flatMap(([state, caller]): Credential[] => {
      const show = table[kind][state as State];
      if (typeof show !== "function") return [];
      return [{ name: `${kind}, ${state}`, kind, caller, isNone: kind === "a session" && caller === "unknown", show }];
    }),
  );
  const others: [string, Kind, () => Shown | Promise<Shown>][] = [
    ["an unknown scheme", "none", () => ({ headers: { authorization: "Digest x" } })],
    ["a JWT, for another audience", "a JWT", async () => bearer(await issuer.sign("able", { audience: "other" }))],
    ["a client certificate, of no principal", "a client certificate", () => ({ certificate: certificates.unknown })],
  ];
  const all: Credential[] = [
    { name: "none", kind: "none", caller: "unknown", isNone: true, show: () => ({}) },
    ...cells,
    ...others.map(([name, kind, show]) => ({ name, kind, caller: "unknown", isNone: false, show }) as const),
    {
      name: "a JWT, that may create",
      kind: "a JWT",
      caller: "creator",
      isNone: false,
      show: async () => bearer(await issuer.sign("creator")),
    },
  ];
  const { cert, key } = await authority.issue("/CN=localhost", "DNS:localhost,IP:127.0.0.1");
  return {
    config,
    tls: { cert, key, clientCa: authority.ca },
    all,
    owner: { authorization: `Bearer ${owner.token}` },
    clientTls: (certificate) => ({
      ca: authority.ca,
      ...(certificate && { cert: certificate.cert, key: certificate.key }),
    }),
    async [Symbol.asyncDispose]() {
      await authority[Symbol.asyncDispose]();
      await otherAuthority[Symbol.asyncDispose]();
    },
  };
}
