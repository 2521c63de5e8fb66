import { cutText } from "./cut-text.ts";
import { escapeControls } from "./escape-controls.ts";
import { formatAmount } from "./format-amount.ts";
import { textWidth } from "./text-width.ts";

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

/** The width of a terminal that does not report it. */
const lineWidthDefault = 80;

/** The widths of the bar, of the numbers beside it, such as `100%  65.5k rows  1.35M rows/s  1h30m left`, and of the shortest label. */
const [barWidthMax, numbersWidth, labelWidthMin] = [40, 46, 8];

/** Returns a label and a width of the bar that fit into a line. The bar shrinks first, then the label. */
export function fitProgress(label: string, columns: number): { readonly label: string; readonly barWidth: number } {
  const room = Math.max(columns - numbersWidth, 0);
  const barWidthMin = Math.min(labelWidthMin, Math.max(room - labelWidthMin, 0));
  const shown = cutText(label, Math.max(room - barWidthMin - 1, labelWidthMin));
  return { label: shown, barWidth: Math.min(barWidthMax, Math.max(room - textWidth(shown) - 1, 0)) };
}

/** Returns the remaining time at the rate until now, such as `1h05m left`; empty if nothing has been transferred. */
export function describeLeft(value: number, total: number, elapsedMs: number): string {
  if (value === 0) return "";
  const seconds = Math.ceil((elapsedMs / 1000) * (Math.max(total - value, 0) / value));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const twoDigits = (count: number): string => String(count).padStart(2, "0");
  if (hours > 0) return `${hours}h${twoDigits(minutes)}m left`;
  return `${minutes > 0 ? `${minutes}m${twoDigits(seconds % 60)}` : seconds}s left`;
}

/** Shows progress, rate and remaining time on standard error, if it is a terminal. */
export async function showProgress({ label, unit, total, quiet }: ProgressOptions): Promise<ProgressBar> {
  if (quiet || !process.stderr.isTTY) return { update: () => {}, [Symbol.dispose]: () => {} };
  const { Presets, SingleBar } = await import("cli-progress");
  const fitted = fitProgress(escapeControls(label), process.stderr.columns || lineWidthDefault);
  const start = performance.now();
  const format =
    total === undefined ? "{label}  {done}  {rate}/s" : "{label} {bar} {percentage}%  {done}  {rate}/s  {left}";
  const bar = new SingleBar(
    { format, stream: process.stderr, barsize: fitted.barWidth, hideCursor: true, clearOnComplete: true },
    Presets.rect,
  );
  const payload = (value: number): Record<string, string> => {
    const elapsedMs = performance.now() - start;
    return {
      label: fitted.label,
      done: formatAmount(value, unit),
      rate: formatAmount((value / elapsedMs) * 1000, unit),
      left: describeLeft(value, total ?? 0, elapsedMs),
    };
  };
  bar.start(total ?? 0, 0, payload(0));
  return {
    update: (value) => bar.update(value, payload(value)),
    [Symbol.dispose]: () => bar.stop(),
  };
}
