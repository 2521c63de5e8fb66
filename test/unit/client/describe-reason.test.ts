import { expect, test } from "vitest";
import { describeReason } from "../../../src/client/describe-reason.ts";

const failed = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") });
const each = ["::1", "127.0.0.1"].map((host) => new Error(`connect ECONNREFUSED ${host}:1`));
const ring = new Error("round");
ring.cause = new Error("and round", { cause: ring });

test.each<[string, unknown, string]>([
  ["an error without a cause", new Error("it is gone"), "it is gone"],
  ["an error with its cause", failed, "fetch failed: connect ECONNREFUSED 127.0.0.1:1"],
  [
    "the errors of all addresses",
    new TypeError("fetch failed", { cause: new AggregateError(each) }),
    "fetch failed: connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1",
  ],
  ["what is no error", "no more", "no more"],
  ["a cause that is none", new Error("it is gone", { cause: 7 }), "it is gone: 7"],
  ["causes in a ring, up to a limit", ring, "round: and round: round: and round"],
])("%s is told", (_what, reason, expected) => {
  expect(describeReason(reason)).toBe(expected);
});
