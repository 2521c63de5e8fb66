import { expect, test } from "vitest";
import type { AccessRule, AnonymousAccess } from "../../../src/auth/index.ts";
import { createAuthorize } from "../../../src/auth/rules.ts";
import { rights, type Identity, type Right } from "../../../src/producer/index.ts";

const rules: AccessRule[] = [
  { groups: ["writers"], rights: ["read", "write"], datasets: ["sales/**", "weather/*"] },
  { subjects: ["ann"], rights: ["replace"], datasets: ["sales/2026"] },
  { subjects: ["ops"], rights: ["admin"], datasets: [] },
  { subjects: ["root"], rights: ["read", "replace", "drop", "admin"], datasets: ["**"] },
  { subjects: ["*"], rights: ["read"], datasets: ["public/**"] },
];

const bob = { subject: "bob", groups: ["writers"] };
const ann = { subject: "ann", groups: ["writers"] };

async function rightsOf(
  identity: Identity,
  dataset: string | undefined,
  { anonymous = "none", of = rules }: { anonymous?: AnonymousAccess; of?: readonly AccessRule[] } = {},
): Promise<readonly Right[]> {
  const authorize = createAuthorize({ anonymous, rules: of });
  const may = await Promise.all(rights.map(async (right) => await authorize(identity, { right, dataset, method: "" })));
  return rights.filter((_, i) => may[i]);
}

test.each<[string, Identity, string | undefined, Right[]]>([
  ["a group", bob, "sales/2026", ["read", "write"]],
  ["a group, deep below", bob, "sales/2026/05", ["read", "write"]],
  ["a group, beside its globs", bob, "sale/2026", []],
  ["a glob within a segment", bob, "weather/paris", ["read", "write"]],
  ["a glob within a segment, below", bob, "weather/paris/2026", []],
  ["a group and a name together", ann, "sales/2026", ["read", "write", "replace"]],
  ["replace, which includes write", { subject: "ann" }, "sales/2026", ["write", "replace"]],
  ["a right on some, for everything", bob, undefined, []],
  ["admin, which needs no dataset", { subject: "ops" }, undefined, ["admin"]],
  ["everything", { subject: "root" }, undefined, [...rights]],
  ["everybody with credentials", { subject: "eve" }, "public/a", ["read"]],
  ["nobody", { subject: "" }, "public/a", []],
  ["a group that has a name of its own", { subject: "x", groups: ["ann"] }, "sales/2026", []],
  ["a name that a group has", { subject: "writers" }, "sales/2026", []],
])("%s", async (_what, identity, dataset, expected) => {
  expect(await rightsOf(identity, dataset)).toEqual(expected);
});

test("without rules, whoever has shown credentials may do everything, and nobody else anything", async () => {
  expect(await rightsOf({ subject: "eve" }, "a", { of: [] })).toEqual(rights);
  expect(await rightsOf({ subject: "" }, "a", { of: [] })).toEqual([]);
});

test("what callers without credentials may do, all may", async () => {
  expect(await rightsOf({ subject: "" }, "a", { anonymous: "read" })).toEqual(["read"]);
  expect(await rightsOf({ subject: "eve" }, "a", { anonymous: "read" })).toEqual(["read"]);
  expect(await rightsOf({ subject: "" }, undefined, { anonymous: "all" })).toEqual(rights);
});
