import { expect, test } from "vitest";
import { planCompletion, type CompletionPlan } from "../../../../src/cli/completion/plan-completion.ts";
import { createProgram } from "../../../../src/cli/create-program.ts";

const plan = (...words: string[]): CompletionPlan => planCompletion(createProgram(), words);
const valuesOf = (...words: string[]): string[] => plan(...words).candidates.map(({ value }) => value);

test.each([
  [["sch"], ["schema"]],
  [["--url", "grpc://x", "sch"], ["schema"]],
  [
    ["token", ""],
    ["new", "help"],
  ],
  [["get", "--form"], ["--format"]],
  [
    ["get", "name", "--he"],
    ["--header", "--help"],
  ],
  [["get", "--format", "c"], ["csv"]],
  [["get", "--format=a"], ["--format=arrow"]],
  [
    ["serve", "--log-level", ""],
    ["trace", "debug", "info", "warn", "error", "silent"],
  ],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  [["get", "--", "--form"], []],
  [["cp", ""], ["./"]],
  [["cp", "."], ["./"]],
  [["cp", ".."], ["../"]],
  [["cp", "./"], []],
  [["nothing", "x"], []],
])("%j", (words, values) => {
  expect(valuesOf(...words)).toEqual(values);
});

test("offers neither hidden commands nor hidden flags", () => {
  expect(valuesOf("")).toEqual(expect.arrayContaining(["serve", "put", "completion"]));
  expect(valuesOf("")).not.toContain("complete");
});

test.each([
  [["head", ""], true, false],
  [["head", "one", ""], false, false],
  [["rm", "one", ""], true, false],
  [["put", ""], false, true],
  [["cp", ""], true, false],
  [["cp", "geo/"], true, false],
  [["cp", "one", "./"], false, true],
  [["mv", "../one"], false, true],
  [["mv", "/tmp/"], false, true],
  [["config", "check", ""], false, true],
  [["get", "-o", ""], false, true],
  [["get", "--limit", ""], false, false],
  [["serve", "--repo", ""], false, true],
])("%j takes datasets: %j, files: %j", (words, datasets, files) => {
  expect(plan(...words)).toMatchObject({ datasets, files });
});
