import { describe, expect, test } from "vitest";
import { FlightError } from "../../../src/flight/index.ts";
import { isDatasetName } from "../../../src/dataset/index.ts";
import { assertGeneration, decodeTicket, encodePartTicket } from "../../../src/store/part-ticket.ts";
import { generationOf } from "../../../src/store/file-version.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const generation = "0123456789abcdef0123456789abcdef";

describe("a ticket", () => {
  test.each([
    [{ dataset: "a", generation }],
    [{ dataset: "folder/ü", generation, columns: ["x", "", ".part:"], offset: 3, limit: 0 }],
  ])("of the part %j comes back as it was given, and is no dataset's name", (part) => {
    const ticket = encodePartTicket(part);
    expect(JSON.parse(JSON.stringify(decodeTicket(ticket)))).toEqual(part);
    expect(isDatasetName(new TextDecoder().decode(ticket))).toBe(false);
  });

  test("that is a name is the whole dataset, whichever version there is", () => {
    expect(decodeTicket(bytes("folder/part:{}"))).toEqual({ dataset: "folder/part:{}" });
  });

  test.each([
    [".part:", "the ticket is not JSON in UTF-8"],
    ['.part:{"dataset":"a"}', `the ticket's "generation" must be a string`],
    ['.part:{"dataset":"../a","generation":"x"}', "cannot name a dataset"],
    ['.part:{"dataset":"a","generation":"x","limit":-1}', `the ticket's "limit" must be a whole number`],
    ['.part:{"dataset":"a","generation":"x","endpoints":2}', `the ticket has an unknown field "endpoints"`],
    ['.part:{"dataset":"a","generation":"x","path":"/etc/passwd"}', `the ticket has an unknown field "path"`],
    [".parts:{}", "cannot name a dataset"],
    [" .part:{}x/", "cannot name a dataset"],
    ["", "cannot name a dataset"],
  ])("%s is INVALID_ARGUMENT", (text, message) => {
    const decode = (): unknown => decodeTicket(bytes(text));
    expect(decode).toThrow(FlightError);
    expect(decode).toThrow(message);
  });

  test("is for the version that it was given for, or for any", () => {
    const version = { key: "1:2:3:4:5", ino: 2n, byteLength: 3n, mtimeNs: 4n, changed: new Date() };
    const own = generationOf(version);
    expect(own).toMatch(/^[0-9a-f]{32}$/);
    assertGeneration({ dataset: "a", generation: own }, version);
    assertGeneration({ dataset: "a" }, version);
    for (const other of [generation, "", own.toUpperCase(), `${own} `]) {
      expect(() => assertGeneration({ dataset: "a", generation: other }, version)).toThrow("it was replaced");
    }
  });
});
