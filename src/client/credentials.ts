import { FlightError, handshakeTimeoutMs } from "../flight/index.ts";

/** Who a client is to its server. Give a token, or a name with its password; other servers get neither. */
export interface CredentialOptions {
  /**
   * Sent as a bearer token with every call. A function is called before the first call, and again when the server
   * answers UNAUTHENTICATED; the refused call is then made once more. Calls at the same time share its answer.
   */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /**
   * Exchanged with the password for a bearer token, by Handshake, before the first call, and again when the server
   * answers UNAUTHENTICATED.
   */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Gives the `authorization` of calls. */
export interface Credentials {
  /**
   * The value for a call that is about to be made, such as `Bearer …`.
   *
   * @throws FlightError UNAUTHENTICATED where there is none
   */
  authorization(): Promise<string>;
  /**
   * Gives the value that takes the place of one that the server has refused; undefined where there is no other. Calls
   * that were refused at the same time share one renewal.
   */
  renew(refused: string): Promise<string | undefined>;
}

/** Exchanges a name and a password for the value of `authorization`. */
export type ExchangePassword = (
  username: string,
  password: string,
  options: { readonly timeoutMs: number },
) => Promise<string>;

/**
 * Makes the credentials that options ask for; undefined where they ask for none.
 *
 * @throws FlightError INVALID_ARGUMENT where they contradict each other, or a token is none; it never has the secret in it
 */
export function createCredentials(
  { token, username, password }: CredentialOptions,
  exchange: ExchangePassword,
): Credentials | undefined {
  if ((username === undefined) !== (password === undefined)) {
    throw new FlightError("invalid_argument", "a username and a password go together");
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

/** Credentials that are had when they are first needed, and again when they are refused. */
class RenewableCredentials implements Credentials {
  readonly #obtain: () => Promise<string>;
  #current: Promise<string> | undefined;
  /** What `#current` came to; undefined while it is under way. */
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
    // Its words are not ours, and may have a secret in them.
    throw new FlightError("unauthenticated", "the function that gives the token has failed", { cause: reason });
  }
}

/** RFC 6750, as far as it is what `Headers` takes: an error of theirs would have the token in it. */
function toBearer(token: unknown): string {
  if (typeof token !== "string" || !/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(token)) {
    throw new FlightError("invalid_argument", "the token must be text of printable ASCII characters");
  }
  return `Bearer ${token}`;
}
