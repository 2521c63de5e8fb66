import { FlightError } from "../flight/index.ts";
import { anonymous, type AuthenticationRequest, type Identity } from "../producer/index.ts";
import type { AccessConfig, TokenEntry, UserEntry } from "./access-config.ts";
import { principalOf } from "./credentials/certificates.ts";
import { readCredentials, type Credentials } from "./credentials/credentials.ts";
import { ExpiringCache } from "./credentials/expiring-cache.ts";
import { JwtVerifier } from "./credentials/jwt.ts";
import { bearerSecondsDefault, identityOf, PasswordBearers } from "./credentials/password-bearer.ts";
import { PasswordChecker } from "./credentials/password-checker.ts";
import { Sealer } from "./credentials/sealer.ts";
import { StaticTokens } from "./credentials/static-tokens.ts";
import { sha256 } from "./credentials/token.ts";
import { FailedAttempts } from "./sign-in/failed-attempts.ts";
import { readCookie } from "./sign-in/session-cookie.ts";
import { Sessions, type OpenedSession, type Session } from "./sign-in/sessions.ts";

/** The maximum number of verified bearer tokens in the cache. An entry takes about 1 KB. */
const verifiedMax = 10_000;

/**
 * How long a verified bearer token is accepted without another check, in milliseconds. After that, a withdrawn key has
 * an effect.
 */
const verifiedMs = 300_000;

/** Authenticates callers. */
export class Authenticator {
  readonly #config: AccessConfig;
  readonly #tokens: StaticTokens;
  readonly #passwords: PasswordChecker;
  readonly #users: ReadonlyMap<string, UserEntry>;
  readonly #bearers: PasswordBearers;
  readonly #jwt: JwtVerifier;
  readonly #verified = new ExpiringCache<Identity>(verifiedMax);
  readonly #attempts = new FailedAttempts();
  readonly sessions: Sessions;

  constructor(config: AccessConfig) {
    const { tokens = [], users = [], jwt = [], sessionKey: key } = config;
    const lifeSeconds = config.bearerSeconds ?? bearerSecondsDefault;
    this.#config = config;
    this.#tokens = new StaticTokens(tokens);
    this.#passwords = new PasswordChecker(users);
    this.#users = new Map(users.map((user) => [user.name, user]));
    this.#bearers = new PasswordBearers(users, { key, lifeSeconds });
    this.#jwt = new JwtVerifier(jwt);
    const issuers = [...jwt, ...(config.oidc ? [config.oidc] : [])].map(({ issuer }) => issuer);
    this.sessions = new Sessions({ users, tokens: this.#tokens, issuers, key, lifeSeconds });
  }

  async authenticate(request: AuthenticationRequest): Promise<Identity> {
    const { header, method, peer, origin, clientCertificate } = request;
    const credentials = readCredentials(header);
    if (credentials.kind !== "none") return await this.#identify(credentials, peer);
    const session = readCookie(header, "hangar-session", origin);
    // An invalid session, or one of another server on this host, counts as none.
    const identity = session === undefined ? undefined : await this.#takeSession(session);
    if (identity !== undefined) return identity;
    const { clientCertificates } = this.#config;
    if (clientCertificate && clientCertificates) return principalOf(clientCertificate, clientCertificates);
    if (this.#config.anonymous !== "none" || this.#isBeforeSignIn(method)) return anonymous;
    throw new FlightError("unauthenticated", "this server requires credentials");
  }

  /** Exchanges a password for a bearer token. @throws FlightError UNAUTHENTICATED */
  async giveBearer(username: string, password: string, peer: string): Promise<string> {
    return await this.#bearers.give(await this.#checkPassword(username, password, peer));
  }

  /** Exchanges a password for a session. @throws FlightError UNAUTHENTICATED */
  async beginByPassword(username: string, password: string, peer: string): Promise<Session> {
    return await this.sessions.ofUser(await this.#checkPassword(username, password, peer));
  }

  /** Exchanges a bearer token of any kind for a session. @throws FlightError UNAUTHENTICATED */
  async beginByToken(token: string, peer: string): Promise<Session> {
    const digest = sha256(token);
    return await this.#attempts.make(peer, {
      key: `token ${digest.toString("base64")}`,
      run: async () => {
        const entry = this.#tokens.find(digest);
        if (entry !== undefined) return await this.sessions.ofToken(entry);
        const bearer = await this.#bearers.take(token);
        if (bearer !== undefined) return await this.sessions.ofUser(bearer.user, bearer.expiresAt);
        const { issuer, identity, expiresAt } = (await this.#verifyJwt(token)) ?? unknownToken();
        return await this.sessions.ofIssuer(issuer, identity, expiresAt);
      },
    });
  }

  async #takeSession(value: string): Promise<Identity | undefined> {
    const key = `session ${sha256(value).toString("base64")}`;
    return this.#verified.get(key) ?? this.#remember(key, await this.sessions.open(value));
  }

  #remember(key: string, taken: Pick<OpenedSession, "identity" | "expiresAt"> | undefined): Identity | undefined {
    if (taken) this.#verified.set(key, taken.identity, Math.min(taken.expiresAt, Date.now() + verifiedMs));
    return taken?.identity;
  }

  /**
   * Returns whether a call needs no credentials. A handshake returns credentials. In a browser, it runs inside calls of
   * DuplexService, and the inner call is authenticated.
   */
  #isBeforeSignIn(method: string): boolean {
    const isDuplex = method.startsWith("hangar.v1.DuplexService/");
    return isDuplex || (this.#users.size > 0 && method === "arrow.flight.protocol.FlightService/Handshake");
  }

  async #identify(credentials: Exclude<Credentials, { kind: "none" }>, peer: string): Promise<Identity> {
    switch (credentials.kind) {
      case "bearer":
        return await this.#takeBearer(credentials.token);
      case "basic":
        return identityOf(await this.#checkPassword(credentials.username, credentials.password, peer));
      case "malformed":
        throw new FlightError("unauthenticated", "the credentials are neither Bearer nor Basic");
    }
  }

  async #takeBearer(token: string): Promise<Identity> {
    const digest = sha256(token);
    const key = digest.toString("base64");
    const known = this.#verified.get(key);
    if (known !== undefined) return known;
    const entry = this.#tokens.find(digest);
    if (entry) return this.#remember(key, { identity: identityOf(entry), expiresAt: endOf(entry) }) ?? unknownToken();
    const taken = Sealer.isSealed(token) ? await this.#takeSealed(token) : await this.#verifyJwt(token);
    return this.#remember(key, taken) ?? unknownToken();
  }

  async #takeSealed(bearer: string) {
    const taken = await this.#bearers.take(bearer);
    return taken && { identity: identityOf(taken.user), expiresAt: taken.expiresAt };
  }

  async #verifyJwt(token: string) {
    const isJwt = (this.#config.jwt ?? []).length > 0 && token.split(".").length === 3;
    return isJwt ? await this.#jwt.verify(token) : undefined;
  }

  async #checkPassword(username: string, password: string, peer: string): Promise<UserEntry> {
    const key = this.#passwords.keyOf(username, password);
    return await this.#attempts.make(peer, {
      key: `password ${key}`,
      isKnown: this.#passwords.isKnown(key),
      run: async () => {
        const isRight = this.#users.size > 0 && (await this.#passwords.check(username, password));
        const user = isRight ? this.#users.get(username) : undefined;
        if (user === undefined) throw new FlightError("unauthenticated", "the user name or the password is wrong");
        return user;
      },
    });
  }
}

/** Returns when a static token expires, in milliseconds since the epoch. */
function endOf({ expires }: TokenEntry): number {
  return expires?.getTime() ?? Infinity;
}

function unknownToken(): never {
  throw new FlightError("unauthenticated", "the token is unknown, or has expired");
}
