import { InvalidArgumentError, Option } from "commander";
import { rowFormats } from "./row-formats.ts";

/** Creates `--format`, for every command that prints rows. */
export function formatOption(): Option {
  return new Option("--format <format>", "output format").choices(rowFormats);
}

/** Creates a flag whose value is a whole number. */
export function countOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    const count = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(count)) {
      throw new InvalidArgumentError("It must be a whole number from 0.");
    }
    return count;
  });
}

/** Creates `--columns`: names separated by commas, or by repeating the flag. */
export function columnsOption(): Option {
  return new Option("--columns <names>", "only these columns, separated by commas, in the dataset's order").argParser(
    (value: string, before: string[] | undefined) => [...(before ?? []), ...value.split(",")],
  );
}

/** The flags with a filter. */
export interface FilterFlags {
  readonly filter?: string;
  readonly where?: string;
}

/** Creates `--filter`, for rows. */
export function filterOption(): Option {
  return new Option("--filter <filter>", "only such rows, as in \"fare > 10 and vendor in ('CMT')\"").conflicts(
    "where",
  );
}

/** Creates `--where`, the same as `--filter`. */
export function whereOption(): Option {
  return new Option("--where <filter>", "the same as --filter");
}

/** Returns the filter of the flags. */
export function chooseFilter({ filter, where }: FilterFlags): string | undefined {
  return filter ?? where;
}
