import { FlightError } from "../flight/index.ts";

/** The flags by the fields of commands that they set. */
const flagsOfFields: Readonly<Record<string, string>> = {
  columns: "--columns",
  filter: "--filter",
  offset: "--offset",
  limit: "--limit",
  id: "--id",
  targetBytes: "--target-size",
  olderThanSeconds: "--older-than",
  sortBy: "--sort-by",
};

/** Returns an error of a server that names a field of a command with the flag that sets it; other errors as they are. */
export function nameFlags(reason: unknown): unknown {
  if (!(reason instanceof FlightError)) return reason;
  const message = reason.message.replace(
    /\bthe command's "(\w+)"/g,
    (words, field: string) => flagsOfFields[field] ?? words,
  );
  return message === reason.message ? reason : new FlightError(reason.code, message, { cause: reason });
}
