import { Code } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";

/** The direction of data, seen from the server. */
export type Direction = "received" | "sent";

/** From calls that read only a footer to transfers of hours, in seconds. */
const durationBuckets = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 300, 1800];

/** How often the delay of the event loop is sampled, in milliseconds. Each sample wakes an idle process. */
const eventLoopSampleMs = 100;

/** The metrics of a server for Prometheus. Counting a call or an Arrow message takes a few additions. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #calls: Counter<"method" | "code">;
  /** The number of running calls by method. */
  readonly #active = new Map<string, number>();
  readonly #durations: Histogram<"method">;
  readonly #bytes: Counter<"direction">;
  readonly #limits: Counter<"limit">;
  readonly #batches: Counter<"direction">;
  readonly #rows: Counter<"direction">;

  constructor() {
    const registers = [this.#registry];
    const labelled = <const T extends string>(name: string, help: string, ...labelNames: T[]) => ({
      name,
      help,
      labelNames,
      registers,
    });
    this.#calls = new Counter(labelled("hangar_calls_total", "Calls that have ended", "method", "code"));
    const active = this.#active;
    const gauge = new Gauge({
      name: "hangar_calls_active",
      help: "Calls that are running",
      labelNames: ["method"],
      registers: [],
      collect() {
        for (const [method, count] of active) this.set({ method }, count);
      },
    });
    this.#registry.registerMetric(gauge);
    const durations = labelled("hangar_call_duration_seconds", "Duration of calls", "method");
    this.#durations = new Histogram({ ...durations, buckets: durationBuckets });
    this.#bytes = new Counter(labelled("hangar_data_bytes_total", "Bytes of Arrow data and of files", "direction"));
    this.#limits = new Counter(labelled("hangar_limits_reached_total", "How often a limit was reached", "limit"));
    this.#batches = new Counter(labelled("hangar_batches_total", "Record batches", "direction"));
    this.#rows = new Counter(labelled("hangar_rows_total", "Rows of record batches", "direction"));
  }

  /**
   * Adds a gauge of your own.
   *
   * @param read - returns the current value; called for each request for the metrics
   */
  addGauge(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
    this.#registry.registerMetric(gauge);
  }

  /**
   * Adds the metrics of this process and of Node (`process_*`, `nodejs_*`), and `hangar_build_info` with the version.
   */
  addProcess(version: string): void {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
    new Gauge({
      name: "hangar_build_info",
      help: "Always 1; the label is the version of Hangar",
      labelNames: ["version"],
      registers: [this.#registry],
    }).set({ version }, 1);
  }

  /**
   * Counts the start of a call.
   *
   * @returns a function that counts its end, with the code of the error if it failed
   * @internal
   */
  begin(method: string): (code?: Code) => void {
    const endTimer = this.#durations.startTimer({ method });
    this.#addActive(method, 1);
    return (code) => {
      endTimer();
      this.#addActive(method, -1);
      this.#calls.inc({ method, code: code === undefined ? "ok" : codeToString(code) });
    };
  }

  #addActive(method: string, count: number): void {
    this.#active.set(method, (this.#active.get(method) ?? 0) + count);
  }

  /** Counts bytes of Arrow data and of files. @internal */
  addBytes(direction: Direction, byteLength: number): void {
    this.#bytes.inc({ direction }, byteLength);
  }

  /** Counts that a limit was reached. @internal */
  countLimit(limit: string): void {
    this.#limits.inc({ limit });
  }

  /** Counts a record batch. @internal */
  addBatch(direction: Direction, rowCount: number): void {
    this.#batches.inc({ direction });
    this.#rows.inc({ direction }, rowCount);
  }

  /** Returns all metrics in the text format of Prometheus. */
  async toText(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
