import { expect, test } from "vitest";
import { appliesRange, judgePreconditions, versionCondition } from "../../../../src/server/http/preconditions.ts";

const changed = new Date("2026-11-29T10:00:00Z");
const strong = { entityTag: '"v1"', changed };
const weak = { entityTag: 'W/"v1-part"', changed };

test.each([
  ['"v1"', strong, "go on"],
  ['W/"v1"', strong, "go on"],
  ['"v0", W/"v1"', strong, "go on"],
  ["*", strong, "go on"],
  ['W/"v0"', strong, "failed"],
  ['W/"v1-part"', strong, "failed"],
  ['W/"v1-part"', weak, "go on"],
  ['W/"v1"', weak, "failed"],
] as const)("If-Match: %s of a response with %j: %s", (ifMatch, validators, verdict) => {
  expect(judgePreconditions(new Headers({ "if-match": ifMatch }), validators)).toBe(verdict);
});

test.each([
  ['"v1"', strong, "not modified"],
  ['W/"v1"', strong, "not modified"],
  ['W/"v0"', strong, "go on"],
  ['"v1-part"', weak, "not modified"],
] as const)("If-None-Match: %s of a response with %j: %s", (ifNoneMatch, validators, verdict) => {
  expect(judgePreconditions(new Headers({ "if-none-match": ifNoneMatch }), validators)).toBe(verdict);
});

test.each([
  ['"v1"', { isNew: false, isOneOf: ["v1"] }],
  ['W/"v1"', { isNew: false, isOneOf: ["v1"] }],
  ['"v0",W/"v1"', { isNew: false, isOneOf: ["v0", "v1"] }],
  ["nonsense", { isNew: false, isOneOf: [] }],
  [" * ", { isNew: false, isOneOf: "*" }],
])("If-Match: %s of a write means %j", (ifMatch, condition) => {
  expect(versionCondition(new Headers({ "if-match": ifMatch }))).toEqual(condition);
});

test.each([
  ['"v1"', strong, true],
  ['W/"v1"', strong, false],
  ['W/"v1-part"', weak, false],
  [changed.toUTCString(), strong, true],
] as const)("If-Range: %s of a response with %j: %s", (ifRange, validators, applies) => {
  expect(appliesRange(new Headers({ "if-range": ifRange }), validators)).toBe(applies);
});
