import { FlightError, injectTrace } from "../flight/index.ts";
import type { Credentials } from "./credentials.ts";
import type { CallOptions, HeaderFields } from "./run-call.ts";
import { startTimeLimit, toEnded, toEndSignal } from "./time-limit.ts";

/** What of a call matters to who makes it. */
export interface AuthorizedRequest {
  /** Go with every call of the client. */
  readonly clientHeaders: Headers;
  readonly options: CallOptions;
  /** Say who calls, where no header does. */
  readonly credentials?: Credentials | undefined;
  /** What the credentials say; nothing where a header says who calls. */
  readonly authorization?: string | undefined;
}

/** The headers of a request: the call's own go over the client's, and both over the credentials. */
export function toHeaders({ clientHeaders, options, authorization }: AuthorizedRequest): Headers {
  const headers = new Headers(clientHeaders);
  for (const [name, value] of new Headers(options.headers)) headers.set(name, value);
  if (authorization !== undefined) headers.set("authorization", authorization);
  injectTrace(headers);
  return headers;
}

/** The attempts at one call: a second one where the server refuses the credentials, and they can be renewed. */
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

  /** The call with its credentials. Throws FlightError CANCELLED or DEADLINE_EXCEEDED where it ends before it has them. */
  async first(): Promise<Request> {
    this.#authorization = this.#credentials && (await this.#await(this.#credentials.authorization()));
    return this.#withAuthorization();
  }

  /** The call with renewed credentials; undefined where it has failed of something else, or a second time. */
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

  /** A renewal is shared, so it goes on when one of the calls that wait for it ends. */
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

/** Runs a call whose request can be made twice; the second time with renewed credentials, where the server refuses them. */
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
