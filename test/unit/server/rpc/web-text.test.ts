import { expect, test } from "vitest";
import { readsWebText, toWebType } from "../../../../src/server/rpc/web-text.ts";

const text = "application/grpc-web-text";
const binary = "application/grpc-web+proto";

test.each([
  [text, undefined, true],
  [`${text}+proto`, "*/*", true],
  ["Application/gRPC-Web-Text", null, true],
  [`${text}; charset=utf-8`, undefined, true],
  [text, binary, false],
  [binary, undefined, false],
  [binary, text, true],
  [binary, `${text}+proto`, true],
  ["application/grpc-web-textual", undefined, false],
  ["application/grpc", undefined, false],
  [undefined, undefined, false],
])("a client that sends %s and accepts %s reads base64: %s", (contentType, accept, expected) => {
  expect(readsWebText(contentType, accept)).toBe(expected);
});

test.each([
  [text, "binary", "application/grpc-web"],
  [`${text}+proto`, "binary", binary],
  [binary, "text", `${text}+proto`],
  [`${text}+json`, "text", `${text}+json`],
] as const)("%s as %s is %s", (contentType, form, expected) => {
  expect(toWebType(contentType, form)).toBe(expected);
});
