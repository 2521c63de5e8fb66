import type { JWTPayload } from "jose";
import type { Identity } from "../../producer/index.ts";
import type { TokenEntry, UserEntry } from "../access-config.ts";
import { fingerprintOf, identityOf } from "../credentials/password-bearer.ts";
import { Sealer } from "../credentials/sealer.ts";
import type { StaticTokens } from "../credentials/static-tokens.ts";

/** A session for a cookie. */
export interface Session {
  /** The sealed text. */
  readonly value: string;
  /** The caller of the session. */
  readonly identity: Identity;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A session that was opened. */
export interface OpenedSession extends Omit<Session, "value"> {
  /** The issuer that authenticated the caller; undefined for users and tokens of the configuration. */
  readonly issuer?: string | undefined;
}

/** The configuration that sessions are checked against. */
export interface SessionsOptions {
  readonly users: readonly UserEntry[];
  readonly tokens: StaticTokens;
  /** The names of the trusted issuers. */
  readonly issuers: readonly string[];
  readonly key: Uint8Array | undefined;
  readonly lifeSeconds: number;
}

/**
 * The sessions of browsers. A session states how the user has signed in, and which entry the configuration must still
 * have. So it ends when its user, token or issuer is removed, on every server with the same key. Servers do not store
 * sessions.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #users: ReadonlyMap<string, UserEntry>;
  readonly #sealer: Sealer;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#users = new Map(options.users.map((user) => [user.name, user]));
    this.#sealer = new Sealer("hangar session", options.key);
  }

  /**
   * Creates a session for a user.
   *
   * @param endsAt - the end of the credentials in milliseconds since the epoch; the session does not last longer
   */
  async ofUser(user: UserEntry, endsAt?: number): Promise<Session> {
    return await this.#seal(identityOf(user), { sub: user.name, pwd: fingerprintOf(user) }, endsAt);
  }

  /** Creates a session for a token of the configuration. */
  async ofToken(entry: TokenEntry): Promise<Session> {
    return await this.#seal(identityOf(entry), { tok: entry.sha256.toLowerCase() }, entry.expires?.getTime());
  }

  /**
   * Creates a session for a caller that an issuer authenticated. Other claims are omitted, because a cookie is small.
   */
  async ofIssuer(issuer: string, { subject, groups = [] }: Identity, endsAt?: number): Promise<Session> {
    return await this.#seal({ subject, groups }, { sub: subject, grp: [...groups], by: issuer }, endsAt);
  }

  async #seal(identity: Identity, payload: JWTPayload, endsAt = Infinity): Promise<Session> {
    const expiresAt = Math.min(endsAt, Date.now() + 1000 * this.#options.lifeSeconds);
    return { value: await this.#sealer.seal(payload, new Date(expiresAt)), identity, expiresAt };
  }

  /** Opens a session; undefined if it is not valid, or not valid any more. */
  async open(value: string): Promise<OpenedSession | undefined> {
    const payload = await this.#sealer.open(value);
    if (payload === undefined) return undefined;
    const expiresAt = 1000 * (payload.exp ?? 0);
    const issuer = payload["by"];
    if (typeof issuer === "string") {
      const identity = { subject: payload.sub ?? "", groups: payload["grp"] as readonly string[] };
      return this.#options.issuers.includes(issuer) ? { identity, expiresAt, issuer } : undefined;
    }
    const entry = this.#entryOf(payload);
    return entry && { identity: identityOf(entry), expiresAt };
  }

  #entryOf(payload: JWTPayload): UserEntry | TokenEntry | undefined {
    const digest = payload["tok"];
    if (typeof digest === "string") return this.#options.tokens.find(Buffer.from(digest, "hex"));
    const user = this.#users.get(payload.sub ?? "");
    return user && fingerprintOf(user) === payload["pwd"] ? user : undefined;
  }
}
