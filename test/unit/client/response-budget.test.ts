import { describe, expect, test } from "vitest";
import { ResponseBudget } from "../../../src/client/response-budget.ts";

/** Asks for places, and says which have been given. */
function createGuests(budget: ResponseBudget) {
  const inside: string[] = [];
  const enter = (name: string) => {
    const leaving = new AbortController();
    const entering = budget.enter(name.startsWith("get") ? "get" : "two-way", leaving.signal);
    entering.then(
      () => inside.push(name),
      () => {},
    );
    return { entering, leave: () => leaving.abort(new Error(`${name} leaves`)) };
  };
  return { inside, enter };
}

const settled = (): Promise<void> => new Promise(setImmediate);

describe("a budget of long responses", () => {
  test("lets three of a kind run, and four in all", async () => {
    const { inside, enter } = createGuests(new ResponseBudget(() => false));
    for (const name of ["get 1", "get 2", "get 3", "get 4", "put 1", "put 2"]) enter(name);
    await settled();
    expect(inside).toEqual(["get 1", "get 2", "get 3", "put 1"]);
  });

  test("lets two gets and any number of puts run where they share a connection", async () => {
    const { inside, enter } = createGuests(new ResponseBudget(() => true));
    const puts = Array.from({ length: 20 }, (_, i) => `put ${i}`);
    for (const name of ["get 1", "get 2", "get 3", ...puts]) enter(name);
    await settled();
    expect(inside).toEqual(["get 1", "get 2", ...puts]);
  });

  test("gives a place that becomes free to the first who may have it", async () => {
    const { inside, enter } = createGuests(new ResponseBudget(() => false));
    const guests = ["get 1", "get 2", "get 3", "put 1", "get 4", "put 2", "put 3"].map((name) => enter(name));
    guests[3]!.leave();
    await settled();
    expect(inside.at(-1)).toBe("put 2");
    guests[0]!.leave();
    await settled();
    expect(inside.at(-1)).toBe("get 4");
  });

  test("forgets those who do not wait any longer", async () => {
    const { inside, enter } = createGuests(new ResponseBudget(() => false));
    const guests = ["get 1", "get 2", "get 3", "get 4", "get 5"].map((name) => enter(name));
    guests[3]!.leave();
    await expect(guests[3]!.entering).rejects.toThrow("get 4 leaves");
    guests[1]!.leave();
    await settled();
    expect(inside).toEqual(["get 1", "get 2", "get 3", "get 5"]);
  });

  test("gives nothing to one who has left before", async () => {
    const budget = new ResponseBudget(() => false);
    await expect(budget.enter("get", AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
    const { inside, enter } = createGuests(budget);
    for (const name of ["get 1", "get 2", "get 3"]) enter(name);
    await settled();
    expect(inside).toHaveLength(3);
  });
});
