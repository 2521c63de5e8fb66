import { escapeControls } from "./escape-controls.ts";
import { formatAmount } from "./format-amount.ts";

/** The content of a progress display. */
export interface ProgressOptions {
  readonly label: string;
  readonly unit: "rows" | "bytes";
  /** The total, in the unit; undefined if it is not known. */
  readonly total: number | undefined;
  readonly quiet: boolean;
}

/** Shows the progress of a transfer. */
export interface ProgressBar extends Disposable {
  update(value: number): void;
}

/** Shows progress, rate and remaining time on standard error, if it is a terminal. */
export async function showProgress({ label, unit, total, quiet }: ProgressOptions): Promise<ProgressBar> {
  if (quiet || !process.stderr.isTTY) return { update: () => {}, [Symbol.dispose]: () => {} };
  const { Presets, SingleBar } = await import("cli-progress");
  const start = performance.now();
  const format =
    total === undefined
      ? "{label}  {done}  {rate}/s"
      : "{label} {bar} {percentage}%  {done}  {rate}/s  {eta_formatted} left";
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true }, Presets.rect);
  const payload = (value: number): Record<string, string> => ({
    label: escapeControls(label),
    done: formatAmount(value, unit),
    rate: formatAmount((value / (performance.now() - start)) * 1000, unit),
  });
  bar.start(total ?? 0, 0, payload(0));
  return {
    update: (value) => bar.update(value, payload(value)),
    [Symbol.dispose]: () => bar.stop(),
  };
}
