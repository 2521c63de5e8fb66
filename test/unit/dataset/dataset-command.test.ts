import { describe, expect, test } from "vitest";
import { commandBytesMax, FlightError } from "../../../src/flight/index.ts";
import { decodeFlightCommand, decodePutCommand, encodeCommand } from "../../../src/dataset/index.ts";
import { endpointCountMax } from "../../../src/dataset/limits.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function refusalOf(decode: (bytes: Uint8Array) => unknown, command: Uint8Array): { code: string; message: string } {
  try {
    decode(command);
  } catch (reason) {
    if (reason instanceof FlightError) return { code: reason.code, message: reason.message };
    throw reason;
  }
  throw new Error("the command was expected to be refused");
}

describe("the command of a flight", () => {
  test.each([
    [{ dataset: "a" }],
    [{ dataset: "folder/a.parquet", columns: ["x", "", "a.b", "ü"], offset: 0, limit: 0, endpoints: 1 }],
    [{ dataset: "a", offset: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER, endpoints: endpointCountMax }],
    [{ dataset: "a", columns: ["__proto__", "constructor"] }],
    [{ dataset: "a/**", filter: "x > 1", endpoints: "files" as const }],
    [{ dataset: "a/**", offset: 1, limit: 2, endpoints: "files" as const, files: true }],
  ])("%j comes through as it was encoded", (command) => {
    expect(JSON.parse(JSON.stringify(decodeFlightCommand(encodeCommand(command))))).toEqual(command);
  });

  test("what is left out, or undefined, is undefined", () => {
    const nothing = { columns: undefined, offset: undefined, limit: undefined, endpoints: undefined };
    expect(decodeFlightCommand(bytes('{"dataset":"a"}'))).toEqual({ dataset: "a", ...nothing });
    expect(encodeCommand({ dataset: "a", ...nothing })).toEqual(bytes('{"dataset":"a"}'));
  });

  test("strings that look like keys are none", () => {
    const columns = ['a":1,"b', "dataset", '{"x"', "\\"];
    expect(decodeFlightCommand(bytes(JSON.stringify({ dataset: "dataset", columns }))).columns).toEqual(columns);
  });

  test("a name is put into its normal form", () => {
    expect(decodeFlightCommand(bytes('{"dataset":"e\u0301"}')).dataset).toBe("\u00e9");
  });

  const rows = `must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;
  const list = `the command's "columns" must be a list of at least one string`;
  test.each([
    ["", "the command is not JSON in UTF-8"],
    ["SELECT 1", "the command is not JSON in UTF-8"],
    ["[]", "the command is not a JSON object"],
    ["null", "the command is not a JSON object"],
    ['"a"', "the command is not a JSON object"],
    ["{}", `the command's "dataset" must be a string`],
    ['{"dataset":null}', `the command's "dataset" must be a string`],
    ['{"dataset":["a"]}', `the command's "dataset" must be a string`],
    ['{"dataset":"../a"}', `"../a" cannot name a dataset: a segment starts with a dot`],
    ['{"dataset":"a","colums":["x"]}', `the command has an unknown field "colums"`],
    ['{"dataset":"a","mode":"create"}', `the command has an unknown field "mode"`],
    ['{"dataset":"a","__proto__":{}}', `the command has an unknown field "__proto__"`],
    ['{"dataset":"a","dataset":"b"}', `the command has "dataset" twice`],
    ['{"dataset":"a","limit":1,"li\\u006dit" :2}', `the command has "limit" twice`],
    ['{"dataset":"a","columns":"x"}', list],
    ['{"dataset":"a","columns":[]}', list],
    ['{"dataset":"a","columns":["x",1]}', list],
    ['{"dataset":"a","columns":null}', list],
    ['{"dataset":"a","columns":["x","y","x"]}', `the command's "columns" has "x" twice`],
    ['{"dataset":"a","offset":-1}', `the command's "offset" ${rows}`],
    ['{"dataset":"a","offset":1.5}', `the command's "offset" ${rows}`],
    ['{"dataset":"a","offset":"1"}', `the command's "offset" ${rows}`],
    ['{"dataset":"a","offset":null}', `the command's "offset" ${rows}`],
    ['{"dataset":"a","limit":9007199254740992}', `the command's "limit" ${rows}`],
    ['{"dataset":"a","limit":1e300}', `the command's "limit" ${rows}`],
    ['{"dataset":"a","limit":1e999}', `the command's "limit" ${rows}`],
    [
      '{"dataset":"a","endpoints":0}',
      `the command's "endpoints" must be a whole number from 1 to ${endpointCountMax}, or "files"`,
    ],
    [
      '{"dataset":"a","endpoints":65}',
      `the command's "endpoints" must be a whole number from 1 to ${endpointCountMax}, or "files"`,
    ],
    [
      '{"dataset":"a","endpoints":true}',
      `the command's "endpoints" must be a whole number from 1 to ${endpointCountMax}, or "files"`,
    ],
    [
      '{"dataset":"a","endpoints":"file"}',
      `the command's "endpoints" must be a whole number from 1 to ${endpointCountMax}, or "files"`,
    ],
    ...(["offset", "limit"] as const).map((field) => [
      `{"dataset":"a","endpoints":"files","filter":"x > 1","${field}":1}`,
      `the command's "endpoints" cannot be "files" with a "filter" and "${field}", because matching rows are counted over all files`,
    ]),
    [
      '{"dataset":"a","endpoints":"files","filter":"x > 1","files":true}',
      `the command's "endpoints" cannot be "files" with a "filter" and "files", because a URL cannot apply the filter to one file`,
    ],
  ])("%s is INVALID_ARGUMENT: %s", (text, message) => {
    expect(refusalOf(decodeFlightCommand, bytes(text))).toEqual({ code: "invalid_argument", message });
  });

  test("bytes that are no UTF-8, or too many, are INVALID_ARGUMENT", () => {
    expect(refusalOf(decodeFlightCommand, Uint8Array.of(0x22, 0xff, 0x22)).message).toContain("not JSON in UTF-8");
    const fitting = bytes(`{"dataset":"a"}`.padEnd(commandBytesMax));
    expect(decodeFlightCommand(fitting).dataset).toBe("a");
    expect(refusalOf(decodeFlightCommand, bytes(`{"dataset":"a"}`.padEnd(commandBytesMax + 1)))).toEqual({
      code: "invalid_argument",
      message: `the command has ${commandBytesMax + 1} bytes; the maximum is ${commandBytesMax}`,
    });
  });
});

describe("the command of a put", () => {
  test.each([
    [{ dataset: "a" }],
    [{ dataset: "a/b", mode: "create" as const }],
    [{ dataset: "a", mode: "replace" as const }],
    [{ dataset: "a", mode: "create" as const, rowCount: 0 }],
    [{ dataset: "a", rowCount: Number.MAX_SAFE_INTEGER }],
  ])("%j comes through as it was encoded", (command) => {
    expect(JSON.parse(JSON.stringify(decodePutCommand(encodeCommand(command))))).toEqual(command);
  });

  test.each([
    ['{"mode":"create"}', `the command's "dataset" must be a string`],
    ['{"dataset":"a","mode":"upsert"}', `the command's "mode" must be "create", "replace" or "append"`],
    ['{"dataset":"a","mode":null}', `the command's "mode" must be "create", "replace" or "append"`],
    ['{"dataset":"a","mode":["create"]}', `the command's "mode" must be "create", "replace" or "append"`],
    ['{"dataset":"a","rowCount":-1}', `the command's "rowCount" must be a whole number from 0 to 9007199254740991`],
    ['{"dataset":"a","rowCount":"1"}', `the command's "rowCount" must be a whole number from 0 to 9007199254740991`],
    ['{"dataset":"a","limit":1}', `the command has an unknown field "limit"`],
  ])("%s is INVALID_ARGUMENT: %s", (text, message) => {
    expect(refusalOf(decodePutCommand, bytes(text))).toEqual({ code: "invalid_argument", message });
  });
});
