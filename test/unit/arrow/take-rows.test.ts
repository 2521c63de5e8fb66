import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeIpcStream, decodeMessage, decodeSchema, takeRows, viewRecordBatch } from "../../../src/arrow/index.ts";
import { readValues } from "./read-values.ts";

test("rows that are taken have the values that they had, of every layout", async () => {
  const stream = await readFile(join(import.meta.dirname, "fixtures/every-layout.arrows"));
  const [schemaFrame, ...frames] = decodeIpcStream(stream);
  const { fields } = decodeSchema(schemaFrame!.header);
  let count = 0;
  for (const { header, body } of frames) {
    const message = decodeMessage(header);
    if (message.kind !== "record_batch") continue;
    const { layout } = message;
    for (const array of viewRecordBatch({ fields, layout, body })) {
      const values = readValues(array);
      for (const indices of [
        [],
        [0],
        [layout.rowCount - 1, 0, 0],
        values.map((_, i) => i).filter((i) => i % 3 === 1),
      ]) {
        const taken = takeRows(array, Uint32Array.from(indices));
        expect(readValues(taken), array.field.name).toEqual(indices.map((index) => values[index]));
        const again = takeRows(taken, Uint32Array.from(indices.keys()));
        expect(readValues(again), array.field.name).toEqual(readValues(taken));
        count += 1;
      }
    }
  }
  expect(count).toBeGreaterThan(50);
});
