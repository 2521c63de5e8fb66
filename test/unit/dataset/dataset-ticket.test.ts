import { describe, expect, test } from "vitest";
import { FlightError } from "../../../src/flight/index.ts";
import { decodeTicket, encodePartTicket, isDatasetName } from "../../../src/dataset/index.ts";
import { assertTicketVersion } from "../../../src/store/ticket-version.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const version = "0123456789abcdef0123456789abcdef";

describe("a ticket", () => {
  test.each([
    [{ dataset: "a", version }],
    [{ dataset: "folder/ü", version, columns: ["x", "", ".part:"], offset: 3, limit: 0 }],
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
    ['.part:{"dataset":"a"}', `the ticket's "version" must be a string`],
    ['.part:{"dataset":"../a","version":"x"}', "cannot name a dataset"],
    ['.part:{"dataset":"a","version":"x","limit":-1}', `the ticket's "limit" must be a whole number`],
    ['.part:{"dataset":"a","version":"x","endpoints":2}', `the ticket has an unknown field "endpoints"`],
    ['.part:{"dataset":"a","version":"x","path":"/etc/passwd"}', `the ticket has an unknown field "path"`],
    [".parts:{}", "cannot name a dataset"],
    [" .part:{}x/", "cannot name a dataset"],
    ["", "cannot name a dataset"],
  ])("%s is INVALID_ARGUMENT", (text, message) => {
    const decode = (): unknown => decodeTicket(bytes(text));
    expect(decode).toThrow(FlightError);
    expect(decode).toThrow(message);
  });

  test("is for the version that it was given for, or for any", () => {
    const own = "fedcba9876543210fedcba9876543210";
    const now = { id: own, byteLength: 3, changed: new Date() };
    assertTicketVersion({ dataset: "a", version: own }, now);
    assertTicketVersion({ dataset: "a" }, now);
    for (const other of [version, "", own.toUpperCase(), `${own} `]) {
      expect(() => assertTicketVersion({ dataset: "a", version: other }, now)).toThrow("it was replaced");
    }
  });
});
