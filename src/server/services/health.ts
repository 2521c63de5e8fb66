import type { ServiceImpl } from "@connectrpc/connect";
import { FlightError, quoteName } from "../../flight/index.ts";
import { HealthCheckResponse_ServingStatus as Status, type Health } from "../../gen/grpc/health/v1/health_pb.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";
import { healthWatchIntervalMs } from "./limits.ts";

/** Checks whether a server can serve calls. It resolves before the signal aborts, and it does not throw. */
export type IsReady = (signal: AbortSignal) => Promise<boolean>;

/** The health of the server, and the watchers of its changes. */
export class HealthState {
  readonly #services: ReadonlySet<string>;
  readonly #isReady: IsReady | undefined;
  #isServing = true;
  readonly #stopped = Promise.withResolvers<void>();

  /**
   * @param services - full names of the services, besides the server as a whole
   * @param isReady - called for each check; always ready if it is omitted
   */
  constructor(services: Iterable<string>, isReady?: IsReady) {
    this.#services = new Set(["", ...services]);
    this.#isReady = isReady;
  }

  /** Reports that the server stops: every service becomes NOT_SERVING. */
  stop(): void {
    this.#isServing = false;
    this.#stopped.resolve();
  }

  /** Returns the state of one service; the empty name means the whole server. */
  async status(service: string, signal: AbortSignal): Promise<Status> {
    if (!this.#services.has(service)) return Status.SERVICE_UNKNOWN;
    return (await this.isServing(signal)) ? Status.SERVING : Status.NOT_SERVING;
  }

  /** Returns whether the server accepts calls and its dependencies are available. */
  async isServing(signal: AbortSignal): Promise<boolean> {
    const isReady = this.#isServing && (this.#isReady === undefined || (await this.#isReady(signal)));
    return isReady && this.#isServing;
  }

  /** Returns the state of a service, and each later change, until the server stops or the signal aborts. */
  async *watch(service: string, signal: AbortSignal): AsyncGenerator<Status> {
    let told: Status | undefined;
    for (;;) {
      const isLast = !this.#isServing;
      const status = await this.status(service, signal);
      if (signal.aborted) return;
      if (status !== told) yield (told = status);
      if (isLast) return;
      await this.#mayHaveChanged(signal);
    }
  }

  /** Resolves when the server stops, when the signal aborts, or after an interval if the state depends on `isReady`. */
  async #mayHaveChanged(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    const timer = this.#isReady && setTimeout(wake, healthWatchIntervalMs);
    signal.addEventListener("abort", wake, { once: true });
    if (signal.aborted) wake();
    try {
      await Promise.race([promise, this.#stopped.promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
    }
  }
}

/** Implements the standard gRPC health service. Source: gRPC's health checking protocol. */
export function createHealthService(state: HealthState, translator: ErrorTranslator): ServiceImpl<typeof Health> {
  return {
    check: ({ service }, context) =>
      translator.unary(context, async () => {
        const status = await state.status(service, context.signal);
        if (status === Status.SERVICE_UNKNOWN)
          throw new FlightError("not_found", `there is no service ${quoteName(service)}`);
        return { status };
      }),
    watch: ({ service }, context) =>
      translator.stream(context, async function* () {
        for await (const status of state.watch(service, context.signal)) yield { status };
      }),
  };
}
