import {
  Bool,
  Dictionary,
  Field,
  Int32,
  List,
  RecordBatch,
  Struct,
  Table,
  TimestampMicrosecond,
  Utf8,
  vectorFromArray,
  type Vector,
} from "apache-arrow";

/** Returns batches whose dictionaries differ, lists of structs, and nulls at every level. */
export function createMixedTable(): Table {
  const item = new Struct([new Field("x", new Int32(), true), new Field("y", new Utf8(), true)]);
  const words = new Dictionary(new Utf8(), new Int32(), 7);
  const lists = new List(new Field("item", item, true));
  const parts = [0, 1].map((part) =>
    batchOf({
      word: vectorFromArray([`a${part}`, null, `b${part}`, `a${part}`], words),
      points: vectorFromArray([[{ x: part, y: "p" }, null], null, [], [{ x: null, y: null }]], lists),
      flag: vectorFromArray([true, null, false, part === 0], new Bool()),
      at: vectorFromArray([0, 1_700_000_000_000, null, -1], new TimestampMicrosecond()),
    }),
  );
  return new Table(parts);
}

/** Returns a batch of columns. */
export function batchOf(columns: Record<string, Vector>): RecordBatch {
  return new Table(columns).batches[0]!;
}

/** Returns the rows as plain values. */
export function contentOf(table: Table): object[] {
  const toPlain = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);
  return table.toArray().map((row) => JSON.parse(JSON.stringify(row, toPlain)) as object);
}

/** Yields items one at a time. */
export async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

/** What `ReadableStream.from` gives, which not every browser has. */
export function readableOf<T>(items: Iterable<T>): ReadableStream<T> {
  const iterator = items[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
