import { expect, test } from "vitest";
import { createHeaderFilter, forwardedByDefault } from "../../../src/proxy/headers.ts";

const sent = {
  authorization: "Bearer t",
  "auth-token-bin": "AAEC",
  cookie: "a=b",
  "x-tenant": "7",
  "x-app-id": "1",
  // Of one hop, or of the protocol, or said by proxies.
  connection: "keep-alive, x-hop",
  "x-hop": "1",
  "keep-alive": "timeout=5",
  "proxy-authorization": "Basic x",
  te: "trailers",
  "transfer-encoding": "chunked",
  host: "localhost",
  "content-type": "application/grpc",
  "content-length": "5",
  "accept-encoding": "gzip",
  "user-agent": "test",
  origin: "https://app.example",
  "x-forwarded-for": "1.2.3.4",
  "grpc-timeout": "1S",
  "grpc-encoding": "gzip",
  "connect-timeout-ms": "5",
  "hangar-upstream": "grpc://elsewhere:1",
};

const names: [title: string, names: readonly string[], passing: string[]][] = [
  ["nothing", [], []],
  ["what a put says by default", forwardedByDefault, []],
  ["a name", ["X-Tenant"], ["x-tenant"]],
  ["names that begin alike", ["x-app-*"], ["x-app-id"]],
  ["all but what is of one hop", ["*"], ["auth-token-bin", "authorization", "cookie", "x-app-id", "x-tenant"]],
  ["nothing of one hop, even by its name", ["te", "grpc-timeout", "x-hop", "host", "hangar-upstream"], []],
];

test.each(names)("%s passes", (_title, patterns, passing) => {
  expect([...createHeaderFilter(patterns)(new Headers(sent)).keys()].sort()).toEqual(passing);
});

test("cookies that are set stay apart", () => {
  const headers = new Headers([
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2; Path=/"],
  ]);
  expect(createHeaderFilter(["*"])(headers).getSetCookie()).toEqual(["a=1", "b=2; Path=/"]);
});
