import type { Schema, Table } from "apache-arrow";
import { expect } from "vitest";
import type { DatasetClient } from "../../../src/client/index.ts";

/** What a client does in a scenario; a step that does not come out as it should fails the test. */
export type ClientSteps = (client: DatasetClient) => Promise<void>;

/** All items of a call's answer. */
export async function collect<T>(answers: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of answers) items.push(item);
  return items;
}

/** The values of a table's only column. */
export function columnOf(table: Table): number[] {
  expect(table.schema.names).toEqual(["number"]);
  return [...(table.getChildAt(0)!.toArray() as Iterable<number>)];
}

/** Compares schemas by what the official client compares: names, types, nullability and the fields' metadata. */
export function expectSchema(actual: Schema | undefined, expected: Schema): void {
  expect(actual && describeFields(actual)).toEqual(describeFields(expected));
}

function describeFields({ fields }: Schema): object[] {
  return fields.map(({ name, type, nullable, metadata }) => ({
    name,
    type: String(type),
    nullable,
    metadata: Object.fromEntries(metadata),
  }));
}
