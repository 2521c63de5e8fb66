import { expect, test } from "vitest";
import { createPathDescriptor } from "../../../src/flight/index.ts";
import { Answers } from "../../../src/store/answers.ts";
import { answerCacheBytesMax } from "../../../src/store/limits.ts";
import { createTestContext } from "../../contract/call-context.ts";
import { collect, criteriaOf, put } from "../../contract/calls.ts";
import { createTable } from "../../contract/tables.ts";
import { openTestStore } from "../../support/test-store.ts";

test("a list has the same FlightInfo objects as before, except those of new versions", async () => {
  await using opened = await openTestStore();
  const { store } = opened;
  const listAll = () => collect(store.listFlights!(createTestContext(), criteriaOf("")));
  for (const name of ["a", "b"]) await put(store, [name], createTable(1));
  const [a, b] = await listAll();
  const asked = await store.getFlightInfo!(createTestContext(), createPathDescriptor(["a"]));
  expect(asked).toBe(a);
  await put(store, ["b"], createTable(2));
  const [sameA, newB] = await listAll();
  expect(sameA).toBe(a);
  expect(newB).not.toEqual(b);
});

test("an answer of a list pushes out no other one", () => {
  const answers = new Answers();
  const create = () => ({ schema: new Uint8Array(answerCacheBytesMax / 8) });
  const asked = ["a", "b", "c"].map((key) => answers.get(key, create));
  const listed = answers.get("d", create, { onlyIfRoom: true });
  expect(answers.get("d", create, { onlyIfRoom: true })).not.toBe(listed);
  expect(["a", "b", "c"].map((key) => answers.get(key, create))).toEqual(asked);
  for (const [i, key] of ["a", "b", "c"].entries()) expect(answers.get(key, create)).toBe(asked[i]);
  // One that is asked for does.
  answers.get("d", create);
  expect(answers.get("a", create)).not.toBe(asked[0]);
});
