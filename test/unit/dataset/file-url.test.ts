import { expect, test } from "vitest";
import { createFileUrl } from "../../../src/dataset/index.ts";

test("the URL of a file says how CSV is written", () => {
  const url = (options: Parameters<typeof createFileUrl>[2]): string =>
    createFileUrl(new URL("http://a.example/"), "a/b c", options);
  expect(url({ format: "csv", bom: true, guard: "formulas" })).toBe(
    "http://a.example/datasets/a/b%20c?format=csv&bom=1&guard=formulas",
  );
  expect(url({ format: "csv", bom: false })).toBe("http://a.example/datasets/a/b%20c?format=csv");
});
