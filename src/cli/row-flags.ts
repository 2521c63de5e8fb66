import { InvalidArgumentError, Option } from "commander";
import { parseColumnNames } from "./column-names.ts";
import { rowFormats } from "./row-formats.ts";

/** Creates `--format`, for every command that prints rows. */
export function formatOption(): Option {
  return new Option("--format <format>", "output format").choices(rowFormats);
}

/** Creates a flag whose value is a whole number. @param min - the least value */
export function countOption(flags: string, description: string, min = 0): Option {
  return new Option(flags, description).argParser((value) => {
    const count = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(count) || count < min) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${Number.MAX_SAFE_INTEGER}.`);
    }
    return count;
  });
}

/** Creates `--columns`: names separated by commas, or by repeating the flag. Throws InvalidArgumentError for a name given twice. */
export function columnsOption(): Option {
  return new Option("--columns <names>", "only these columns, separated by commas, in the dataset's order").argParser(
    (value: string, before: string[] | undefined) => {
      const names = parseColumnNames(value);
      if (names === undefined) {
        throw new InvalidArgumentError(
          "It must be names separated by commas; a name with a comma is in double quotes.",
        );
      }
      const all = [...(before ?? []), ...names];
      const twice = all.find((name, i) => all.indexOf(name) < i);
      if (twice !== undefined) throw new InvalidArgumentError(`It has ${JSON.stringify(twice)} twice.`);
      return all;
    },
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
