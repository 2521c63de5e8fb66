import { FlightError, injectTrace } from "../flight/index.ts";
import type { Credentials } from "./credentials.ts";
import type { CallOptions, HeaderFields } from "./run-call.ts";
import { startTimeLimit, toEnded, toEndSignal } from "./time-limit.ts";

/** The parts of a call that its attempts need. */
export interface AuthorizedRequest {
  /** The headers of every call of the client. */
  readonly clientHeaders: Headers;
  readonly options: CallOptions;
  /** The caller's credentials, for calls without the header `authorization`. */
  readonly credentials?: Credentials | undefined;
  /** The value of the credentials; undefined if a header already authenticates the call. */
  readonly authorization?: string | undefined;
}

/**
 * Returns the headers of a request. Headers of the call replace headers of the client, and both replace the
 * credentials.
 */
export function toHeaders({ clientHeaders, options, authorization }: AuthorizedRequest): Headers {
  const headers = new Headers(clientHeaders);
  for (const [name, value] of new Headers(options.headers)) headers.set(name, value);
  if (authorization !== undefined) headers.set("authorization", authorization);
  injectTrace(headers);
  return headers;
}

/**
 * The attempts at one call. There is a second attempt if the server refuses the credentials and they can be renewed.
 */
export class CallAttempts<Request extends AuthorizedRequest> {
  readonly #request: Request;
  readonly #credentials: Credentials | undefined;
  readonly #leftMs: () => number | undefined;
  #authorization: string | undefined;
  #isRenewed = false;

  constructor(request: Request) {
    const { clientHeaders, options } = request;
    const isNamed = hasAuthorization(clientHeaders) || hasAuthorization(options.headers);
    this.#request = request;
    this.#credentials = isNamed ? undefined : request.credentials;
    this.#leftMs = startTimeLimit(options.timeoutMs);
  }

  /**
   * Returns the call with its credentials. @throws FlightError CANCELLED or DEADLINE_EXCEEDED if the call ends before
   * it has credentials
   */
  async first(): Promise<Request> {
    this.#authorization = this.#credentials && (await this.#await(this.#credentials.authorization()));
    return this.#withAuthorization();
  }

  /** Returns the call with renewed credentials; undefined if the call failed for another reason, or a second time. */
  async next(reason: unknown): Promise<Request | undefined> {
    const isRefused = reason instanceof FlightError && reason.code === "unauthenticated";
    if (!isRefused || this.#isRenewed || !this.#credentials || this.#authorization === undefined) return undefined;
    this.#isRenewed = true;
    this.#authorization = await this.#await(this.#credentials.renew(this.#authorization));
    return this.#authorization === undefined ? undefined : this.#withAuthorization();
  }

  #withAuthorization(): Request {
    const options = { ...this.#request.options, timeoutMs: this.#leftMs() };
    return { ...this.#request, options, credentials: this.#credentials, authorization: this.#authorization };
  }

  /** Concurrent calls share a renewal, so it continues if one of these calls ends. */
  async #await<T>(renewal: Promise<T>): Promise<T> {
    const { signal } = this.#request.options;
    const ending = toEndSignal(signal, this.#leftMs());
    if (ending === undefined) return await renewal;
    const ended = Promise.withResolvers<never>();
    const end = (): void => ended.reject(toEnded("call", signal));
    ending.addEventListener("abort", end, { once: true });
    if (ending.aborted) end();
    try {
      return await Promise.race([renewal, ended.promise]);
    } finally {
      ending.removeEventListener("abort", end);
    }
  }
}

/**
 * Runs a call whose request can be sent twice. If the server refuses the credentials, they are renewed and the call
 * runs again.
 */
export async function runAttempts<Request extends AuthorizedRequest, T>(
  request: Request,
  run: (request: Request) => Promise<T>,
): Promise<T> {
  if (request.credentials === undefined) return await run(request);
  const attempts = new CallAttempts(request);
  try {
    return await run(await attempts.first());
  } catch (reason) {
    const next = await attempts.next(reason);
    if (next === undefined) throw reason;
    return await run(next);
  }
}

function hasAuthorization(headers: HeaderFields | undefined): boolean {
  return headers !== undefined && new Headers(headers).has("authorization");
}
