import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { decodeMessage, decodeSchema, readIpcStream, viewRecordBatch } from "../../src/arrow/index.ts";
import { encodeNdjson } from "../../src/rows/index.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";

test("unions and run-end encoded columns are read by the values of their children, and not cut", async () => {
  await using folder = await createTemporaryFolder();
  await using child = startChild(await ensurePython(), [join(import.meta.dirname, "unions.py"), folder.path]);
  expect(await child.exit(), child.output()).toMatchObject({ exitCode: 0 });
  const frames = () => readIpcStream(createReadStream(join(folder.path, "unions.arrows")));
  const lines = (await text(encodeNdjson(frames()))).trimEnd().split("\n");
  const expected = JSON.parse(await readFile(join(folder.path, "unions.json"), "utf8")) as unknown[];
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(expected);

  const [schema, batch] = await Array.fromAsync(frames());
  const { fields } = decodeSchema(schema!.header);
  const message = decodeMessage(batch!.header);
  if (message.kind !== "record_batch") throw new Error("the second message is no batch");
  const view = (): unknown => viewRecordBatch({ fields, layout: message.layout, body: batch!.body });
  expect(view).toThrow("column sparse: batches of type union cannot be split");
});
