import { expect, test } from "vitest";
import { fixedLimits } from "../../src/flight/index.ts";
import { limitNames, toKebabCase } from "../../src/server/index.ts";
import { waitUntil } from "../support/wait.ts";
import { limitCases, reached } from "./limit-cases.ts";
import { serveLimited } from "./limited-server.ts";

test("there is a case for each limit", () => {
  expect(Object.keys(limitCases).sort()).toEqual([...limitNames.map(toKebabCase), ...fixedLimits].sort());
});

test.each(Object.entries(limitCases))(
  "%s: a client that reaches it sees it at once, and the metrics count it",
  async (limit, { reach, seen, ...options }) => {
    await using server = await serveLimited(options);
    expect(await server.metric(reached(limit))).toBe(0);
    expect(await reach(server)).toMatch(seen);
    await waitUntil("the metrics count it", async () => (await server.metric(reached(limit))) > 0);
  },
);
