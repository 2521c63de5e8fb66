import { expect, test } from "vitest";
import { FlightError } from "../../../src/flight/index.ts";
import { explainRefusal } from "../../../web/src/state/explain-refusal.ts";

test.each([
  ["unauthenticated", "HTTP 401"],
  ["permission_denied", "HTTP 403"],
] as const)("%s of a proxy says to reload the page, which asks nobody to sign in here", (code, message) => {
  expect(explainRefusal(new FlightError(code, message))).toMatchObject({
    name: "FlightError",
    code: "permission_denied",
    message: `a login before this server refuses the page, perhaps because it has expired; reload the page to sign in (${message})`,
  });
});

test.each([
  new FlightError("permission_denied", 'you need the right "read" for dataset "a"'),
  new FlightError("unavailable", "HTTP 503"),
])("%o stays as it is", (error) => {
  expect(explainRefusal(error)).toBe(error);
});
