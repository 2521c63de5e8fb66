import type { RowFormat } from "./formats.ts";
import { UsageError } from "./exit-code.ts";
import { say } from "./say.ts";
import type { TablePlace } from "./table-text.ts";

/** The width of a terminal that does not say its own. */
const lineWidthDefault = 80;

/** Where standard output shows a table, and what has to be said after it. */
export class TerminalTable implements TablePlace {
  readonly lineWidth = process.stdout.isTTY ? process.stdout.columns || lineWidthDefault : undefined;
  #hiddenCount = 0;

  readonly onHidden = (columnCount: number): void => {
    this.#hiddenCount = columnCount;
  };

  /** Says which columns had no room. */
  sayHidden(hint: string): void {
    if (this.#hiddenCount > 0) say(`${this.#hiddenCount} more columns do not fit here; ${hint}`);
  }
}

/**
 * Checks that a format can be shown where standard output goes.
 *
 * @throws UsageError if it is binary, and standard output is a terminal
 */
export function assertPrintable(format: RowFormat): void {
  if (process.stdout.isTTY && (format === "arrow" || format === "parquet")) {
    throw new UsageError(`the format ${format} is binary, not for a terminal; use -o FILE, or a pipe`);
  }
}
