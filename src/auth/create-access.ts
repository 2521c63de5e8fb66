import { FlightError } from "../flight/index.ts";
import {
  anonymous,
  type Authenticate,
  type AuthenticationRequest,
  type Authorize,
  type FlightProducer,
  type Identity,
} from "../producer/index.ts";
import type { AccessConfig, UserEntry } from "./access-config.ts";
import { principalOf } from "./credentials/certificates.ts";
import { readCredentials, type Credentials } from "./credentials/credentials.ts";
import { ExpiringCache } from "./credentials/expiring-cache.ts";
import { createHandshake } from "./credentials/handshake.ts";
import { JwtVerifier } from "./credentials/jwt.ts";
import { identityOf, PasswordBearers } from "./credentials/password-bearer.ts";
import { PasswordChecker } from "./credentials/password-checker.ts";
import { Sealer, sessionKeyBytesMin } from "./credentials/sealer.ts";
import { StaticTokens } from "./credentials/static-tokens.ts";
import { sha256 } from "./credentials/token.ts";
import { createAuthorize } from "./rules.ts";

/** Bearers that have been verified, at most: an entry takes about a kilobyte. */
const verifiedMax = 10_000;

/** For how long at most a bearer is taken without looking again, in milliseconds: a key that is withdrawn counts no longer. */
const verifiedMs = 300_000;

/** The options of `createFlightServer` for authentication and rights. */
export interface Access {
  /** Authenticates callers. */
  readonly authenticate: Authenticate;
  /** Decides about rights. */
  readonly authorize: Authorize;
  /** Exchanges passwords for bearer tokens; undefined if there are no users. */
  readonly handshake: FlightProducer["handshake"];
}

/**
 * Creates authentication and rights from a configuration.
 *
 * @throws FlightError INVALID_ARGUMENT if the configuration is not valid. The message contains no secret.
 */
export function createAccess(config: AccessConfig): Access {
  assertConsistent(config);
  const authenticator = new Authenticator(config);
  const hasUsers = (config.users ?? []).length > 0;
  return {
    authenticate: async (request) => await authenticator.authenticate(request),
    authorize: createAuthorize(config),
    handshake: hasUsers
      ? createHandshake(async (name, password) => await authenticator.signIn(name, password))
      : undefined,
  };
}

function assertConsistent({ jwt = [], rules = [], users = [], sessionKey, bearerSeconds = 1 }: AccessConfig): void {
  if (jwt.length > 0 && rules.length === 0) {
    throw new FlightError("invalid_argument", "JWTs need rules: without them, whoever has a token could do everything");
  }
  if (new Set(users.map(({ name }) => name)).size < users.length) {
    throw new FlightError("invalid_argument", "two users have the same name");
  }
  if (sessionKey !== undefined && sessionKey.byteLength < sessionKeyBytesMin) {
    throw new FlightError("invalid_argument", `the session key must have at least ${sessionKeyBytesMin} bytes`);
  }
  if (!(bearerSeconds > 0)) throw new FlightError("invalid_argument", "bearers must be good for more than 0 seconds");
}

class Authenticator {
  readonly #config: AccessConfig;
  readonly #tokens: StaticTokens;
  readonly #passwords: PasswordChecker;
  readonly #users: ReadonlyMap<string, UserEntry>;
  readonly #bearers: PasswordBearers;
  readonly #jwt: JwtVerifier;
  readonly #verified = new ExpiringCache<Identity>(verifiedMax);

  constructor(config: AccessConfig) {
    const { tokens = [], users = [], jwt = [], sessionKey: key, bearerSeconds: lifeSeconds } = config;
    this.#config = config;
    this.#tokens = new StaticTokens(tokens);
    this.#passwords = new PasswordChecker(users);
    this.#users = new Map(users.map((user) => [user.name, user]));
    this.#bearers = new PasswordBearers(users, { key, lifeSeconds });
    this.#jwt = new JwtVerifier(jwt);
  }

  async authenticate({ header, method, clientCertificate }: AuthenticationRequest): Promise<Identity> {
    const credentials = readCredentials(header);
    if (credentials.kind !== "none") return await this.#identify(credentials);
    const { clientCertificates } = this.#config;
    if (clientCertificate && clientCertificates) return principalOf(clientCertificate, clientCertificates);
    if (this.#config.anonymous !== "none" || this.#isBeforeSignIn(method)) return anonymous;
    throw new FlightError("unauthenticated", "this server takes credentials");
  }

  /** Exchanges a password for a bearer. @throws FlightError UNAUTHENTICATED */
  async signIn(username: string, password: string): Promise<string> {
    return await this.#bearers.give(await this.#checkPassword(username, password));
  }

  /**
   * A handshake returns credentials. In a browser, it is inside of calls of DuplexService, and is authenticated there.
   */
  #isBeforeSignIn(method: string): boolean {
    const isDuplex = method.startsWith("hangar.v1.DuplexService/");
    return isDuplex || (this.#users.size > 0 && method === "arrow.flight.protocol.FlightService/Handshake");
  }

  async #identify(credentials: Exclude<Credentials, { kind: "none" }>): Promise<Identity> {
    switch (credentials.kind) {
      case "bearer":
        return await this.#takeBearer(credentials.token);
      case "basic":
        return identityOf(await this.#checkPassword(credentials.username, credentials.password));
      case "malformed":
        throw new FlightError("unauthenticated", "the credentials are neither Bearer nor Basic");
    }
  }

  async #takeBearer(token: string): Promise<Identity> {
    const identity = this.#tokens.take(token);
    if (identity !== undefined) return identity;
    const key = sha256(token).toString("base64");
    const known = this.#verified.get(key);
    if (known !== undefined) return known;
    const taken = Sealer.isSealed(token) ? await this.#bearers.take(token) : await this.#verifyJwt(token);
    if (taken === undefined) throw new FlightError("unauthenticated", "the token is unknown, or has expired");
    this.#verified.set(key, taken.identity, Math.min(taken.expiresAt, Date.now() + verifiedMs));
    return taken.identity;
  }

  async #verifyJwt(token: string) {
    const isJwt = (this.#config.jwt ?? []).length > 0 && token.split(".").length === 3;
    return isJwt ? await this.#jwt.verify(token) : undefined;
  }

  async #checkPassword(username: string, password: string): Promise<UserEntry> {
    const isRight = this.#users.size > 0 && (await this.#passwords.check(username, password));
    const user = isRight ? this.#users.get(username) : undefined;
    if (user === undefined) throw new FlightError("unauthenticated", "the user name or the password is wrong");
    return user;
  }
}
