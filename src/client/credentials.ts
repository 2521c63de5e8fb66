import { FlightError } from "../flight/index.ts";
import { handshakeTimeoutMs } from "./limits.ts";

/** The credentials of a client: a token, or a user name and a password. They are not sent to other servers. */
export interface CredentialOptions {
  /**
   * The bearer token of every call. A function is called before the first call. It is called again if the server
   * answers UNAUTHENTICATED; then the failed call is retried once. Concurrent calls share the result.
   */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /**
   * The user name. The client exchanges it and the password for a bearer token, with Handshake, before the first call,
   * and again if the server answers UNAUTHENTICATED.
   */
  readonly username?: string | undefined;
  /** The password. */
  readonly password?: string | undefined;
}

/** The source of the header `authorization`. */
export interface Credentials {
  /**
   * Returns the value for the next call, such as `Bearer …`.
   *
   * @throws FlightError UNAUTHENTICATED if there is none
   */
  authorization(): Promise<string>;
  /**
   * Returns a new value after the server refused the current one; undefined if there is no new value. Concurrent calls
   * share one renewal.
   */
  renew(refused: string): Promise<string | undefined>;
}

/** Exchanges a user name and a password for the value of the header `authorization`. */
export type ExchangePassword = (
  username: string,
  password: string,
  options: { readonly timeoutMs: number },
) => Promise<string>;

/**
 * Creates credentials from options. Returns undefined if the options have none.
 *
 * @throws FlightError INVALID_ARGUMENT if the options contradict each other, or if the token has characters that a
 * header cannot have. The message does not contain the secret.
 */
export function createCredentials(
  { token, username, password }: CredentialOptions,
  exchange: ExchangePassword,
): Credentials | undefined {
  if ((username === undefined) !== (password === undefined)) {
    throw new FlightError("invalid_argument", "a username and a password must be given together");
  }
  if (token !== undefined && username !== undefined) {
    throw new FlightError("invalid_argument", "give a token, or a username and a password, not both");
  }
  if (username !== undefined && password !== undefined) {
    return new RenewableCredentials(() => exchange(username, password, { timeoutMs: handshakeTimeoutMs }));
  }
  if (typeof token === "function") return new RenewableCredentials(async () => toBearer(await askFor(token)));
  if (token === undefined) return undefined;
  const authorization = toBearer(token);
  return { authorization: () => Promise.resolve(authorization), renew: () => Promise.resolve(undefined) };
}

/** Credentials that are obtained for the first call, and again if the server refuses them. */
class RenewableCredentials implements Credentials {
  readonly #obtain: () => Promise<string>;
  #current: Promise<string> | undefined;
  /** The result of `#current`; undefined while it is pending. */
  #value: string | undefined;

  constructor(obtain: () => Promise<string>) {
    this.#obtain = obtain;
  }

  authorization(): Promise<string> {
    this.#current ??= this.#start();
    return this.#current;
  }

  async renew(refused: string): Promise<string | undefined> {
    // Any other value is newer than the refused one.
    if (this.#value === refused) this.#current = this.#start();
    const renewed = await this.authorization();
    return renewed === refused ? undefined : renewed;
  }

  #start(): Promise<string> {
    this.#value = undefined;
    const current = this.#obtain();
    current.then(
      (value) => (this.#value = value),
      // The next call tries again.
      () => (this.#current = undefined),
    );
    return current;
  }
}

async function askFor(token: () => string | Promise<string>): Promise<string> {
  try {
    return await token();
  } catch (reason) {
    // The error is not from this package, and its message may contain a secret.
    throw new FlightError("unauthenticated", "the function that returns the token failed", { cause: reason });
  }
}

/**
 * Formats a token as in RFC 6750, with the characters that `Headers` accepts. An error of `Headers` would contain the
 * token.
 */
function toBearer(token: unknown): string {
  if (typeof token !== "string" || !/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(token)) {
    throw new FlightError("invalid_argument", "the token must consist of printable ASCII characters");
  }
  return `Bearer ${token}`;
}
