import { describe, expect, test } from "vitest";
import type { ClientCall } from "../../../../src/cli/client-call.ts";
import type { ExpandedSource } from "../../../../src/cli/copy/expand-source.ts";
import { parsePlace } from "../../../../src/cli/copy/place.ts";
import { planCopies } from "../../../../src/cli/copy/plan-copies.ts";

test.each([
  ["a/b", { kind: "server", server: undefined, name: "a/b" }],
  ["geo/", { kind: "server", server: undefined, name: "geo/" }],
  ["a.parquet", { kind: "server", server: undefined, name: "a.parquet" }],
  ["./a", { kind: "local", path: "./a" }],
  ["../a", { kind: "local", path: "../a" }],
  ["/a", { kind: "local", path: "/a" }],
  [".", { kind: "local", path: "." }],
  ["..", { kind: "local", path: ".." }],
  [".hidden", { kind: "server", server: undefined, name: ".hidden" }],
  ["grpc://h:1/a/b", { kind: "server", server: "grpc://h:1", name: "a/b" }],
  ["https://h", { kind: "server", server: "https://h", name: "" }],
  ["grpc+tls://h:1/", { kind: "server", server: "grpc+tls://h:1", name: "" }],
  ["grpc://h:1/a?*#b", { kind: "server", server: "grpc://h:1", name: "a?*#b" }],
])("%j is %j", (text, place) => {
  expect(parsePlace(text)).toEqual(place);
});

describe("planCopies", () => {
  const calls = new Map<string | undefined, ClientCall>();
  const callOf = (server: string | undefined): ClientCall => {
    const call = calls.get(server) ?? ({} as ClientCall);
    calls.set(server, call);
    return call;
  };
  const dataset = (name: string, relativeName = name, isMany = false): ExpandedSource => ({
    isMany,
    items: [{ end: { kind: "dataset", call: callOf(undefined), name, shown: name }, relativeName }],
  });
  const file: ExpandedSource = {
    isMany: false,
    items: [{ end: { kind: "file", path: "./f.arrow", shown: "./f.arrow" }, relativeName: "f.parquet" }],
  };
  const plan = (sources: ExpandedSource[], to: string, isLocalFolder = false): string[] =>
    planCopies(sources, { place: parsePlace(to), isLocalFolder }, callOf).map(
      (copy) => `${copy.from.shown} ${copy.to.shown}`,
    );

  test.each([
    [[dataset("a")], "b", ["a b"]],
    [[dataset("geo/a", "a")], "x/", ["geo/a x/a"]],
    [[dataset("a"), file], "x/", ["a x/a", "./f.arrow x/f.parquet"]],
    [[dataset("a/b", "b", true)], "grpc://h:1", ["a/b grpc://h:1/b"]],
    [[dataset("a/b", "b", true)], "./out/", ["a/b out/b.parquet"]],
    [[dataset("a")], "./a.csv", ["a ./a.csv"]],
    [[file], "f", ["./f.arrow f"]],
  ])("%# to %j", (sources, to, copies) => {
    expect(plan(sources, to)).toEqual(copies);
  });

  test("a local folder needs no / if it exists", () => {
    expect(plan([dataset("a"), dataset("b")], ".", true)).toEqual(["a a.parquet", "b b.parquet"]);
  });

  test.each([
    [[dataset("a"), dataset("b")], "c", /end it with \//],
    [[dataset("a/b", "b", true)], "c", /end it with \//],
    [[dataset("x/a", "a"), dataset("y/a", "a")], "c/", /x\/a and y\/a would both become c\/a/],
    [[dataset("a")], "a", /a is its own destination/],
    [[file], "./g", /both local/],
    [[dataset("../a", "../a", true)], "./out/", /cannot be the name of a file/],
  ])("refuses %# to %j", (sources, to, words) => {
    expect(() => plan(sources, to)).toThrow(words);
  });
});
