import { describe, expect, test } from "vitest";
import { judgeTarget } from "../../../../src/server/http/request-target.ts";

describe("judgeTarget", () => {
  test.each([
    ["/", "/"],
    ["/metrics?", "/metrics"],
    ["/arrow.flight.protocol.FlightService/DoGet", "/arrow.flight.protocol.FlightService/DoGet"],
    ["/datasets/a/b.parquet?filter=x='..\\y'/../", "/datasets/a/b.parquet"],
    ["/datasets/%C5%81%C3%B3d%C5%BA%20%23%3F%25.parquet", "/datasets/%C5%81%C3%B3d%C5%BA%20%23%3F%25.parquet"],
    ["/datasets/...", "/datasets/..."],
    ["/datasets/.hidden/a..b/c.", "/datasets/.hidden/a..b/c."],
    // Decoded once, as by a proxy, this is no separator and no dot.
    ["/datasets/a%252f%252e%252e", "/datasets/a%252f%252e%252e"],
    ["//datasets/a", "//datasets/a"],
  ])("takes %s as it is", (target, path) => {
    expect(judgeTarget(target)).toEqual({ kind: "path", path });
  });

  test.each([
    "",
    "*",
    "localhost:80",
    "http://localhost/datasets/a",
    "HTTP://localhost",
    "datasets/a",
    "\\datasets\\a",
    "/datasets\\a",
    "/datasets/public/x\\..\\..\\secret",
    "/datasets/public/x%5C..%5csecret",
    "/datasets/public/..%2fsecret",
    "/datasets/a%2Fb",
    "/..",
    "/.",
    "/./datasets/a",
    "/datasets/public/../secret",
    "/datasets/public/..",
    "/datasets/public/..?format=csv",
    "/datasets/public/%2e%2e/secret",
    "/datasets/public/.%2E/secret",
    "/datasets/public/%2E./secret",
    "/datasets/public/%2e/secret",
    "/datasets/public/.\t./secret",
    "/datasets/public/a#/../secret",
    "/datasets/a b",
    "/datasets/\u00e9",
    "/datasets/\u0000",
    "/datasets/a?filter=\u00e9",
    "/datasets/a\u007f",
  ])("refuses %j", (target) => {
    expect(judgeTarget(target)).toMatchObject({ kind: "refused" });
  });
});
