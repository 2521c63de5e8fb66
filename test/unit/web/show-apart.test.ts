import { expect, test } from "vitest";
import { showApart } from "../../../web/src/ui/show-apart.ts";

const path = "https://example.org/a/long/path/that/is/shared/";

test.each([
  ["nothing", [], []],
  ["short texts", ["a", "ab", ""], ["a", "ab", ""]],
  ["one long text", [path], [path]],
  ["equal texts", [path, path], [path, path]],
  ["texts that begin alike", [`${path}a`, `${path}b`], ["…is/shared/a", "…is/shared/b"]],
  ["a text that begins another one", [path, `${path}b`], ["…is/shared/", "…is/shared/b"]],
  ["a few among others", [`${path}a`, "x", `${path}b`], ["…is/shared/a", "x", "…is/shared/b"]],
  ["characters of two halves", [`${"😀".repeat(20)}a`, `${"😀".repeat(20)}b`], ["…😀😀😀😀😀a", "…😀😀😀😀😀b"]],
  ["a cut within a character", [`${"😀".repeat(20)}xa`, `${"😀".repeat(20)}xb`], ["…😀😀😀😀xa", "…😀😀😀😀xb"]],
])("%s", (_what, texts, shown) => {
  expect(showApart(texts)).toEqual(shown);
});
