import { Presets, SingleBar } from "cli-progress";
import { escapeControls } from "./escape-controls.ts";

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
export function showProgress({ label, unit, total, quiet }: ProgressOptions): ProgressBar {
  if (quiet || !process.stderr.isTTY) return { update: () => {}, [Symbol.dispose]: () => {} };
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

const prefixes = ["", "k", "M", "G", "T"];

/** Formats an amount with three digits and a prefix: 12.3 MB, 4 rows. */
export function formatAmount(value: number, unit: "rows" | "bytes"): string {
  const power = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), prefixes.length - 1);
  const digits = power === 0 ? String(Math.round(value)) : (value / 1000 ** power).toPrecision(3);
  return unit === "rows" ? `${digits}${prefixes[power]} rows` : `${digits} ${prefixes[power]}B`;
}
