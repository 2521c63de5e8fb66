import { countWords } from "../flight/index.ts";
import { UsageError } from "./exit-code.ts";
import type { RowFormat } from "./row-formats.ts";
import { say } from "./say.ts";
import type { TablePlace } from "./table-text.ts";

/** The width of a terminal that does not report it. */
const lineWidthDefault = 80;

/** The place where standard output shows a table. It remembers the number of hidden columns. */
export class TerminalTable implements TablePlace {
  readonly lineWidth = process.stdout.isTTY ? process.stdout.columns || lineWidthDefault : undefined;
  #hiddenCount = 0;

  readonly onHidden = (columnCount: number): void => {
    this.#hiddenCount = columnCount;
  };

  /** Prints how many columns did not fit. */
  sayHidden(hint: string): void {
    const [count, verb] = [this.#hiddenCount, this.#hiddenCount === 1 ? "does" : "do"];
    if (count > 0) say(`${countWords(count, "more column")} ${verb} not fit here; ${hint}`);
  }
}

/**
 * Asserts that standard output can show a format.
 *
 * @throws UsageError if the format is binary and standard output is a terminal
 */
export function assertPrintable(format: RowFormat): void {
  if (process.stdout.isTTY && (format === "arrow" || format === "parquet")) {
    throw new UsageError(`the format ${format} is binary, not for a terminal; use -o FILE, or a pipe`);
  }
}
