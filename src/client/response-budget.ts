import { splitCallUrl } from "../duplex/index.ts";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { DuplexService } from "../gen/hangar/v1/duplex_service_pb.ts";
import { FlightService } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { sharesConnection } from "./http-version.ts";

/** The maximum number of concurrent long responses of one origin. */
interface Limits extends Readonly<Record<Kind, number>> {
  readonly total: number;
}

/**
 * A browser has six connections to an origin over HTTP/1.1, and a response that is being received occupies one. With
 * six of them, nothing can be sent: no Send either, so that two-way calls never end. Four leave two connections for
 * short calls. At most three are of one kind, so that paused gets do not block puts, and the reverse.
 */
const limitsOfManyConnections: Limits = { get: 3, "two-way": 3, total: 4 };

/**
 * Over HTTP/2, a response that is not read holds a part of the connection's window: in Chromium 6 of 15 MB. Three such
 * responses block all others.
 */
const limitsOfOneConnection: Limits = { get: 2, "two-way": Infinity, total: Infinity };

/** The methods whose responses last as long as their reader takes. */
const kinds = new Map<string, Kind>([
  [`/${FlightService.typeName}/${FlightService.method.doGet.name}`, "get"],
  [`/${DuplexService.typeName}/${DuplexService.method.open.name}`, "two-way"],
]);

type Kind = "get" | "two-way";

interface Waiting {
  readonly kind: Kind;
  readonly start: () => void;
}

/** The running and waiting long responses of one origin. */
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

/** The budgets by origin. They are shared by the whole page, because the browser's limit is. */
const budgets = new Map<string, ResponseBudget>();

/** Wraps an HTTP client so that it limits the long responses of each origin. Further ones wait. */
export function limitLongResponses(httpClient: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const { origin } = new URL(request.url);
    const kind = kinds.get(splitCallUrl(request.url).path);
    // Connect aborts the signal of each call when the call ends, for whatever reason.
    if (kind && request.signal) {
      let budget = budgets.get(origin);
      if (budget === undefined) budgets.set(origin, (budget = new ResponseBudget(() => sharesConnection(origin))));
      await budget.enter(kind, request.signal);
    }
    return await httpClient(request);
  };
}
