import { makeData, Uint32, vectorFromArray, type Data } from "apache-arrow";
import type { FlightFrame } from "../../../../src/flight/index.ts";
import { framesOfColumns } from "../arrow.ts";
import { sqlInfo, sqlInfoValue } from "./schemas.ts";

/** What the server of the scenario can do, by the codes of SqlInfo: text, yes or no, or a bit mask. */
const values: ReadonlyMap<number, string | boolean | number> = new Map<number, string | boolean | number>([
  // The server's name, and that it writes.
  [0, "Hangar's tests"],
  [3, false],
  // No SQL, but Substrait, from one version to another.
  [4, false],
  [5, true],
  [6, "min_version"],
  [7, "max_version"],
  // Transactions with savepoints, cancelling, and the time limits of both in milliseconds.
  [8, 2],
  [9, true],
  [100, 42],
  [101, 7],
]);

/** The flight that answers GetSqlInfo: what is known of what was asked, or all. */
export function sqlInfoFrames(asked: readonly number[]): FlightFrame[] {
  const codes = [...values.keys()].filter((code) => asked.length === 0 || asked.includes(code));
  const children: (string | boolean | number)[][] = [[], [], [], [], [], []];
  const typeIds: number[] = [];
  const valueOffsets: number[] = [];
  for (const code of codes) {
    const value = values.get(code) ?? "";
    const typeId = typeof value === "string" ? 0 : typeof value === "boolean" ? 1 : 3;
    typeIds.push(typeId);
    valueOffsets.push((children[typeId]?.push(value) ?? 1) - 1);
  }
  const value = makeData({
    type: sqlInfoValue,
    length: codes.length,
    typeIds: Int8Array.from(typeIds),
    valueOffsets: Int32Array.from(valueOffsets),
    children: children.map((items, typeId) => childData(items, typeId)),
  });
  return framesOfColumns(sqlInfo, [vectorFromArray(codes, new Uint32()).data[0] as Data, value]);
}

function childData(items: readonly unknown[], typeId: number): Data {
  const type = sqlInfoValue.children[typeId]!.type;
  // A builder makes no empty list; a null that no row refers to is as good.
  return vectorFromArray(items.length === 0 ? [null] : items, type).data[0]!;
}
