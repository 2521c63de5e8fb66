import { expect, test } from "vitest";
import { nameFlags } from "../../../src/cli/name-flags.ts";
import { FlightError } from "../../../src/flight/index.ts";

test.each([
  [`dataset "a": the command's "columns" has "b"`, `dataset "a": --columns has "b"`],
  [`the command's "targetBytes" must be a number`, "--target-size must be a number"],
  [`the command's "rowCount" is 3`, `the command's "rowCount" is 3`],
])("%s becomes %s", (message, named) => {
  const error = new FlightError("invalid_argument", message);
  expect(nameFlags(error)).toMatchObject({ code: "invalid_argument", message: named });
});

test("leaves other errors as they are", () => {
  const error = new Error(`the command's "columns"`);
  expect(nameFlags(error)).toBe(error);
});
