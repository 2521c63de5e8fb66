import type { ServiceImpl } from "@connectrpc/connect";
import { FlightError } from "../flight/index.ts";
import { HealthCheckResponse_ServingStatus as Status, type Health } from "../gen/grpc/health/v1/health_pb.ts";
import type { Door } from "./translate-errors.ts";

/** Whether the server takes calls, and who is told when that changes. */
export class HealthState {
  readonly #services: ReadonlySet<string>;
  #isServing = true;
  #changed = Promise.withResolvers<void>();

  /** @param services - full names of the services that can be asked for, besides the server as a whole */
  constructor(services: Iterable<string>) {
    this.#services = new Set(["", ...services]);
  }

  /** Says that the server stops: every service is NOT_SERVING from now on. */
  stop(): void {
    this.#isServing = false;
    this.#changed.resolve();
  }

  /** The state of one service; the empty name means the server as a whole. */
  status(service: string): Status {
    if (!this.#services.has(service)) return Status.SERVICE_UNKNOWN;
    return this.#isServing ? Status.SERVING : Status.NOT_SERVING;
  }

  /** Resolves at the next change, or when the signal aborts. */
  async changed(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    const abort = (): void => aborted.resolve();
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      await Promise.race([this.#changed.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}

/** The standard gRPC health service. Source: gRPC's health checking protocol. */
export function createHealthService(state: HealthState, door: Door): ServiceImpl<typeof Health> {
  return {
    check: ({ service }, context) =>
      door.one(context, async () => {
        const status = state.status(service);
        if (status === Status.SERVICE_UNKNOWN) throw new FlightError("not_found", `no service ${service}`);
        return { status };
      }),
    watch: ({ service }, context) =>
      door.many(context, async function* () {
        yield { status: state.status(service) };
        await state.changed(context.signal);
        yield { status: state.status(service) };
      }),
  };
}
