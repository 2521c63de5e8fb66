import { createHmac } from "node:crypto";
import type { Identity } from "../../producer/index.ts";
import type { UserEntry } from "../access-config.ts";
import { Sealer } from "./sealer.ts";

/** The default lifetime of a bearer token in seconds: 12 hours, a working day. */
export const bearerSecondsDefault = 12 * 3600;

/**
 * The bearer tokens that users get for their passwords. A token identifies its user and the password; groups come from
 * the configuration. So a token ends when its user is removed or gets another password, on every server with the same
 * key.
 */
export class PasswordBearers {
  readonly #sealer: Sealer;
  readonly #users: ReadonlyMap<string, UserEntry>;
  readonly #lifeSeconds: number;

  constructor(
    users: readonly UserEntry[],
    options: { readonly key?: Uint8Array | undefined; readonly lifeSeconds?: number | undefined } = {},
  ) {
    this.#sealer = new Sealer("hangar bearer", options.key);
    this.#users = new Map(users.map((user) => [user.name, user]));
    this.#lifeSeconds = options.lifeSeconds ?? bearerSecondsDefault;
  }

  /** Creates a bearer token for a user whose password was checked. */
  async give(user: UserEntry): Promise<string> {
    const expires = new Date(Date.now() + 1000 * this.#lifeSeconds);
    return await this.#sealer.seal({ sub: user.name, pwd: fingerprintOf(user) }, expires);
  }

  /** Returns the user of a token; undefined if the token is not valid, or not valid any more. */
  async take(bearer: string): Promise<{ readonly user: UserEntry; readonly expiresAt: number } | undefined> {
    const payload = await this.#sealer.open(bearer);
    const user = this.#users.get(payload?.sub ?? "");
    if (payload === undefined || user === undefined || payload["pwd"] !== fingerprintOf(user)) return undefined;
    return { user, expiresAt: 1000 * (payload.exp ?? 0) };
  }
}

/** Returns the identity of a principal in the configuration. */
export function identityOf({ name, groups = [] }: Pick<UserEntry, "name" | "groups">): Identity {
  return { subject: name, groups };
}

/** Returns a fingerprint of a user's password. It is part of the sealed token. */
export function fingerprintOf({ name, password }: UserEntry): string {
  return createHmac("sha256", password).update(name).digest("base64url").slice(0, 22);
}
