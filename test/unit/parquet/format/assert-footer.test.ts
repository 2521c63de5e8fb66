import { writeFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeSchemaMessage } from "../../../../src/arrow/index.ts";
import { assertArrowSchema, assertFooter } from "../../../../src/parquet/format/assert-footer.ts";
import { fileMetaData, keyValue, schemaElement } from "../../../../src/parquet/format/footer-fields.ts";
import { decodeFooter, encodeFooter, magic } from "../../../../src/parquet/format/footer.ts";
import {
  decodeThriftStruct,
  encodeThriftStruct,
  thriftType,
  type ThriftField,
  type ThriftStruct,
  type ThriftValue,
} from "../../../../src/parquet/format/thrift.ts";
import { createSharedSchema, sharedParts } from "../../../support/shared-schema.ts";
import { codeOf, failureOf, get, list, put } from "../../../contract/calls.ts";
import { createTable } from "../../../contract/tables.ts";
import { startWatchedServer } from "../../../support/watched-server.ts";

const text = (value: string): { type: number; value: Uint8Array } => ({
  type: thriftType.binary,
  value: Buffer.from(value),
});
const listOf = (elements: readonly ThriftValue[]) => ({
  type: thriftType.list,
  value: { elementType: thriftType.struct, elements },
});
const node = (name: string, childCount?: number): ThriftStruct =>
  new Map<number, ThriftField>([
    [schemaElement.name, text(name)],
    ...(childCount === undefined
      ? []
      : [[schemaElement.childCount, { type: thriftType.i32, value: BigInt(childCount) }] as const]),
  ]);
const manyOf = (element: ThriftStruct, count: number): Uint8Array[] =>
  Array<Uint8Array>(count).fill(encodeThriftStruct(element));
const footerOf = (id: number, elements: readonly ThriftValue[]): Uint8Array =>
  encodeThriftStruct(new Map([[id, listOf(elements)]]));

/** Some kilobytes of names and a hundred thousand columns below them. */
const longPaths = [node("schema", 1), node("x".repeat(50_000), 100_000), ...manyOf(node("c"), 100_000)];

describe("a footer is refused that has", () => {
  test.each<[string, Uint8Array]>([
    ["more than 262144 nodes", footerOf(fileMetaData.schema, manyOf(node(""), 262_145))],
    ["more than 262144 row groups", footerOf(fileMetaData.rowGroups, manyOf(new Map(), 262_145))],
    ["more than 65536 metadata entries", footerOf(fileMetaData.keyValueMetadata, manyOf(new Map(), 65_537))],
    ["paths of its columns", footerOf(fileMetaData.schema, longPaths)],
    // A list of structs, 2^31 of them, and nothing.
    ["broken", Uint8Array.of((fileMetaData.schema << 4) | thriftType.list, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x08)],
    // A text of 2^31 bytes, and nothing.
    ["broken", Uint8Array.of((fileMetaData.createdBy << 4) | thriftType.binary, 0x80, 0x80, 0x80, 0x80, 0x08)],
  ])("%s", (words, footer) => {
    expect(() => assertFooter(footer)).toThrow(words);
  });

  test.each(sharedParts)("an Arrow schema whose fields share one %s", (shared) => {
    const message = encodeSchemaMessage(createSharedSchema(shared));
    const entry: ThriftStruct = new Map([
      [keyValue.key, text("ARROW:schema")],
      [keyValue.value, text(Buffer.from(message).toString("base64"))],
    ]);
    expect(() => assertArrowSchema(new Map([[fileMetaData.keyValueMetadata, listOf([entry])]]))).toThrow(
      "expands to more than",
    );
  });

  test("empty structs without end where nobody looks", () => {
    expect(() => decodeThriftStruct(footerOf(99, manyOf(new Map(), 3_000_000)))).toThrow(RangeError);
  });
});

test("a file with such a footer is refused at put, and DATA_LOSS where somebody placed it, and others are served", async () => {
  await using server = await startWatchedServer();
  await put(server.store, ["a"], createTable(1));
  const bytes = await readFile(join(server.folder, "a"));
  const footer = decodeFooter(bytes);
  const broken = new Map(footer).set(fileMetaData.schema, listOf(longPaths));
  const file = Buffer.concat([bytes.subarray(0, 1000), ...encodeFooter(broken)]);
  expect(file.subarray(0, magic.byteLength)).toEqual(Buffer.from(magic));
  const context = { signal: new AbortController().signal } as never;
  const chunks = (async function* () {
    yield file;
  })();
  const refused = await failureOf(
    server.store.files.putFile(context, { name: "b", condition: {}, format: "parquet", chunks } as never),
  );
  expect(refused.code).toBe("invalid_argument");
  expect(refused.message).toContain("paths of its columns");
  await writeFile(join(server.folder, "c"), file);
  expect(await codeOf(get(server.store, "c"))).toBe("data_loss");
  expect(await list(server.store)).toEqual(["a"]);
});
