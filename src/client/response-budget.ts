import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { DuplexService } from "../gen/hangar/v1/duplex_service_pb.ts";
import { FlightService } from "../gen/arrow/flight/protocol/flight_pb.ts";

/*
 * A browser has six connections to an origin over HTTP/1.1, and a response that is still being received holds one.
 * Six of them, and nothing is sent any more: no Send, so that they themselves never end. Over HTTP/2 there is no such
 * limit.
 */

/** Long responses at once, so that two connections are free for all that is short. */
const longResponsesMax = 4;

/** Long responses of one kind, so that paused gets never keep a put from going on, nor the other way round. */
const oneKindMax = 3;

/** What gives a response that may take as long as its reader likes. */
const kinds = new Map<string, Kind>([
  [`/${FlightService.typeName}/${FlightService.method.doGet.name}`, "get"],
  [`/${DuplexService.typeName}/${DuplexService.method.open.name}`, "two-way"],
]);

type Kind = "get" | "two-way";

interface Waiting {
  readonly kind: Kind;
  readonly start: () => void;
}

/** The long responses of one origin: those that run, and those that wait for their turn. */
export class ResponseBudget {
  readonly #running: Record<Kind, number> = { get: 0, "two-way": 0 };
  readonly #waiting: Waiting[] = [];

  /**
   * Waits for a place among the running.
   *
   * @param signal - gives the place up, or the wait for it, when it aborts
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
    return running[kind] < oneKindMax && running.get + running["two-way"] < longResponsesMax;
  }
}

/** The limit is the browser's, over all that a page does. */
const budgets = new Map<string, ResponseBudget>();

/** An HTTP client that lets no more long responses run than an origin has connections for; more wait for their turn. */
export function limitLongResponses(httpClient: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const { origin, pathname } = new URL(request.url);
    const kind = kinds.get(pathname);
    // Connect aborts the signal of each call when the call ends, however it does.
    if (kind && request.signal && !hasManyStreams(origin)) {
      let budget = budgets.get(origin);
      if (budget === undefined) budgets.set(origin, (budget = new ResponseBudget()));
      await budget.enter(kind, request.signal);
    }
    return await httpClient(request);
  };
}

/** Whether an earlier response of this origin came over HTTP/2 or 3; where nothing is known of one, it did not. */
function hasManyStreams(origin: string): boolean {
  return performance.getEntriesByType("resource").some((entry) => {
    const protocol = "nextHopProtocol" in entry ? entry.nextHopProtocol : "";
    return (protocol === "h2" || protocol === "h3") && entry.name.startsWith(`${origin}/`);
  });
}
