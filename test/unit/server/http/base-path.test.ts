import { expect, test } from "vitest";
import { parseBasePath, removeBasePath } from "../../../../src/server/http/base-path.ts";

test.each([
  ["/", ""],
  ["/hangar", "/hangar"],
  ["/hangar/", "/hangar"],
  ["/a/b-1.x", "/a/b-1.x"],
])("the base path %s is %s", (text, basePath) => {
  expect(parseBasePath(text)).toBe(basePath);
});

test.each(["", "hangar", "//evil.example", "/a//b", "/a/../b", "/.", "/a b", "/a%2fb", "/a?b", "/a;b", "https://a/b"])(
  "%j is refused as a base path",
  (text) => {
    expect(() => parseBasePath(text)).toThrow(`the base path ${JSON.stringify(text)} is not a path such as /hangar`);
  },
);

test.each([
  ["/x", "", "/x"],
  ["/hangar/x?y=1", "/hangar", "/x?y=1"],
  ["/hangar/", "/hangar", "/"],
  ["/x", "/hangar", "/x"],
  ["/hangars/x", "/hangar", "/hangars/x"],
  ["/hangar", "/hangar", undefined],
  ["/hangar?dataset=x", "/hangar", undefined],
  ["/hangar//x", "/hangar", "//x"],
])("the target %s below %j is %s", (target, basePath, expected) => {
  expect(removeBasePath(target, basePath)).toBe(expected);
});
