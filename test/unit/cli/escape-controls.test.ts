import { expect, test } from "vitest";
import { escapeControls, escapeControlsInLines } from "../../../src/cli/escape-controls.ts";

test.each([
  ["Lima, 東京 👩‍👩‍👧 é", "Lima, 東京 👩‍👩‍👧 é"],
  ["\u001b[2J\u0007", "\\u001b[2J\\u0007"],
  ["a\r\nb\tc", "a\\r\\nb\\tc"],
  ["\u009b31m\u007f", "\\u009b31m\\u007f"],
  ["exe\u202efdp.\u2066", "exe\\u202efdp.\\u2066"],
])("%j is shown as %s", (text, shown) => {
  expect(escapeControls(text)).toBe(shown);
});

test("keeps the layout of lines", () => {
  expect(escapeControlsInLines("a\tb\n\u001bc\r\n")).toBe("a\tb\n\\u001bc\\r\n");
});
