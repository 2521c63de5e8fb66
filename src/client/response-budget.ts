import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { DuplexService } from "../gen/hangar/v1/duplex_service_pb.ts";
import { FlightService } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { sharesConnection } from "./http-version.ts";

/** The maximum number of concurrent long responses of one origin. */
interface Limits extends Readonly<Record<Kind, number>> {
  readonly total: number;
}

/**
 * A browser has six connections to an origin over HTTP/1.1, and a response that is still being received holds one. Six
 * of them, and nothing is sent any more: no Send, so that they themselves never end. Four leave two for all that is
 * short; three of a kind, so that paused gets never keep a put from going on, nor the other way round.
 */
const limitsOfManyConnections: Limits = { get: 3, "two-way": 3, total: 4 };

/**
 * Over HTTP/2, a response that is not read holds a part of the connection's window: in Chromium 6 of 15 MB. Three such
 * responses block all others.
 */
const limitsOfOneConnection: Limits = { get: 2, "two-way": Infinity, total: Infinity };

/** The methods whose responses may last as long as their reader needs. */
const kinds = new Map<string, Kind>([
  [`/${FlightService.typeName}/${FlightService.method.doGet.name}`, "get"],
  [`/${DuplexService.typeName}/${DuplexService.method.open.name}`, "two-way"],
]);

type Kind = "get" | "two-way";

interface Waiting {
  readonly kind: Kind;
  readonly start: () => void;
}

/** The long responses of one origin: running and waiting. */
export class ResponseBudget {
  readonly #running: Record<Kind, number> = { get: 0, "two-way": 0 };
  readonly #waiting: Waiting[] = [];
  readonly #sharesConnection: () => boolean;

  /** @param sharesConnection - returns whether all responses use one connection, as far as it is known */
  constructor(sharesConnection: () => boolean) {
    this.#sharesConnection = sharesConnection;
  }

  /**
   * Waits until the response may run.
   *
   * @param signal - ends the wait, or frees the place, when it aborts
   * @throws the signal's reason
   */
  async enter(kind: Kind, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { kind, start: resolve };
    this.#waiting.push(waiting);
    signal.addEventListener("abort", () => {
      const index = this.#waiting.indexOf(waiting);
      if (index < 0) this.#running[kind] -= 1;
      else this.#waiting.splice(index, 1);
      reject(signal.reason as Error);
      this.#advance();
    });
    this.#advance();
    await promise;
  }

  #advance(): void {
    for (;;) {
      const index = this.#waiting.findIndex(({ kind }) => this.#hasRoom(kind));
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (next === undefined) return;
      this.#running[next.kind] += 1;
      next.start();
    }
  }

  #hasRoom(kind: Kind): boolean {
    const running = this.#running;
    const limits = this.#sharesConnection() ? limitsOfOneConnection : limitsOfManyConnections;
    return running[kind] < limits[kind] && running.get + running["two-way"] < limits.total;
  }
}

/** The limit is the browser's, over all that a page does. */
const budgets = new Map<string, ResponseBudget>();

/** An HTTP client that lets no more long responses run than an origin has room for; more wait for their turn. */
export function limitLongResponses(httpClient: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const { origin, pathname } = new URL(request.url);
    const kind = kinds.get(pathname);
    // Connect aborts the signal of each call when the call ends, however it does.
    if (kind && request.signal) {
      let budget = budgets.get(origin);
      if (budget === undefined) budgets.set(origin, (budget = new ResponseBudget(() => sharesConnection(origin))));
      await budget.enter(kind, request.signal);
    }
    return await httpClient(request);
  };
}
