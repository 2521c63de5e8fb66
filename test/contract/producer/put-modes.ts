import { expect, test } from "vitest";
import type { FlightProducer } from "../../../src/producer/index.ts";
import { codeOf, failureOf, get, list, putFrames, putResult } from "../calls.ts";
import { contentOf, createTable, toPutFrames, toRows } from "../tables.ts";

/** What a put creates, replaces or appends, and which puts are refused. */
export function describePutModes(subject: () => FlightProducer): void {
  test("a put that has not the rows that it declares is refused with both numbers, and changes nothing", async () => {
    const putOf = (path: string, declared: string): Promise<unknown> =>
      putFrames(subject(), toPutFrames([path], createTable(2)), { header: { "hangar-row-count": declared } });
    await putOf("a", "12");
    for (const [declared, path] of [
      ["11", "a"],
      ["13", "new"],
      ["0", "new"],
    ] as const) {
      expect(await failureOf(putOf(path, declared))).toEqual({
        code: "invalid_argument",
        message: expect.stringContaining(`the put declares ${declared} rows, but 12 arrived`),
      });
    }
    for (const declared of ["", "-1", "1.5", "12 rows", "9007199254740992"]) {
      const { code, message } = await failureOf(putOf("new", declared));
      expect([code, message]).toEqual([
        "invalid_argument",
        expect.stringContaining("hangar-row-count must be a whole number"),
      ]);
    }
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(createTable(2)));
    expect(await list(subject())).toEqual(["a"]);
  });

  test("a put tells whether it replaced a dataset", async () => {
    const results = [1, 2].map((seed) => () => putResult(subject(), toPutFrames(["a"], createTable(seed))));
    expect([await results[0]!(), await results[1]!()]).toEqual(["created", "replaced"]);
  });

  test("a put that creates has one winner, and replaces nothing", async () => {
    const creating = (seed: number): Promise<unknown> =>
      putFrames(subject(), toPutFrames(["a"], createTable(seed)), { header: { "hangar-put-mode": "create" } });
    const outcomes = await Promise.allSettled([1, 2, 3].map(creating));
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled") + 1;
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await codeOf(creating(4))).toBe("already_exists");
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(createTable(winner)));
    const misspelt = putFrames(subject(), toPutFrames(["a"], createTable(5)), {
      header: { "hangar-put-mode": "creat" },
    });
    expect(await codeOf(misspelt)).toBe("invalid_argument");
    expect(await list(subject())).toEqual(["a"]);
  });

  test("a put that appends creates one more dataset of the folder, once for each id, and tells its name last", async () => {
    const append = async (seed: number, id?: string): Promise<unknown> => {
      const header = { "hangar-put-mode": "append", ...(id !== undefined && { "idempotency-key": id }) };
      const told = await putFrames(subject(), toPutFrames(["folder"], createTable(seed, { batchCount: 1 })), {
        header,
      });
      return JSON.parse(told.at(-1)!);
    };
    expect(await append(1, "one")).toEqual({ dataset: "folder/one.parquet", isNew: true });
    expect(await append(2, "one")).toEqual({ dataset: "folder/one.parquet", isNew: false });
    const outcomes = await Promise.all([append(3, '"two"'), append(4, "two")]);
    expect(outcomes).toEqual(
      expect.arrayContaining([true, false].map((isNew) => ({ dataset: "folder/two.parquet", isNew }))),
    );
    const { dataset } = (await append(5)) as { dataset: string };
    expect(dataset).toMatch(/^folder\/[0-9a-f]{8}-[0-9a-f-]{27}\.parquet$/);
    expect(await list(subject())).toEqual([dataset, "folder/one.parquet", "folder/two.parquet"]);
    expect(toRows(await get(subject(), "folder/one.parquet"))).toEqual(contentOf(createTable(1, { batchCount: 1 })));
  });
}
