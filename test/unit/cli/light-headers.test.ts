import { describe, expect, test } from "vitest";
import { LightHeaders } from "../../../src/cli/light-headers.ts";

type Init = ConstructorParameters<typeof Headers>[0];
type Change = (headers: Headers) => unknown;

/** Returns all that can be read from headers. */
function read(headers: Headers): unknown {
  const seen: [string, string][] = [];
  headers.forEach((value, key) => seen.push([key, value]));
  const byName = ["a", "B", "set-cookie", "missing"].map((name) => [headers.get(name), headers.has(name)]);
  return {
    seen,
    byName,
    entries: [...headers.entries()],
    iterated: [...headers],
    keys: [...headers.keys()],
    values: [...headers.values()],
    cookies: headers.getSetCookie(),
  };
}

/** Returns the result, or the type of the error. */
function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (reason) {
    return (reason as Error).constructor.name;
  }
}

describe("LightHeaders is as Node's Headers", () => {
  test.each<[string, Init]>([
    ["nothing", undefined],
    ["a record", { b: "2", A: "1" }],
    [
      "pairs",
      [
        ["a", "1"],
        ["A", "2"],
        ["b", ""],
      ],
    ],
    [
      "other headers",
      new Headers([
        ["set-cookie", "x=1"],
        ["set-cookie", "y=2"],
        ["a", "1"],
      ]),
    ],
    ["spaces around a value", { a: " \t1 2\r\n" }],
    ["an umlaut, which is a byte", { a: "ü" }],
    ["a name with a space", { "a b": "1" }],
    ["an empty name", { "": "1" }],
    ["a line feed in a value", { a: "1\n2" }],
    ["a null in a value", { a: "1\0" }],
    ["a value that is not bytes", { a: "東" }],
  ])("made of %s", (_name, init) => {
    expect(attempt(() => read(new LightHeaders(init)))).toEqual(attempt(() => read(new Headers(init))));
  });

  test.each<[string, Change]>([
    ["append", (headers) => headers.append("A", "9")],
    ["append a cookie", (headers) => headers.append("Set-Cookie", "z=3")],
    ["set", (headers) => headers.set("A", "9")],
    ["set a new one", (headers) => headers.set("c", "9")],
    ["delete", (headers) => headers.delete("A")],
    ["delete a missing one", (headers) => headers.delete("missing")],
    ["get a bad name", (headers) => headers.get("a b")],
    ["set a bad value", (headers) => headers.set("a", "1\r2")],
  ])("after %s", (_name, change) => {
    const init: Init = [
      ["b", "2"],
      ["a", "1"],
      ["a", "3"],
      ["set-cookie", "x=1"],
      ["set-cookie", "y=2"],
    ];
    const [light, own] = [new LightHeaders(init), new Headers(init)];
    expect(attempt(() => change(light))).toEqual(attempt(() => change(own)));
    expect(read(light)).toEqual(read(own));
  });

  test("goes into a request of fetch, and Node's own go into it", () => {
    const { headers } = new Request("http://localhost", { headers: new LightHeaders({ a: "1" }) });
    expect([...new LightHeaders(headers)]).toEqual([["a", "1"]]);
  });
});
