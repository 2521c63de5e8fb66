import { expect, test } from "vitest";
import { RepeatedAnswers } from "../../../src/proxy/repeated-answers.ts";

function createChange(): { change: (bytes: Uint8Array) => Uint8Array; changed: string[] } {
  const changed: string[] = [];
  const change = (bytes: Uint8Array): Uint8Array => {
    const text = Buffer.from(bytes).toString("latin1");
    changed.push(text.slice(0, 10));
    return Buffer.from(`changed ${text}`);
  };
  return { change, changed };
}

test("changes the same bytes once for each rule", () => {
  const { change, changed } = createChange();
  const answers = new RepeatedAnswers();
  for (const [text, rule] of [
    ["a", "x"],
    ["a", "x"],
    ["b", "x"],
    ["a", "y"],
    ["b", "x"],
  ] as const) {
    expect(Buffer.from(answers.answer(Buffer.from(text), rule, change)).toString()).toBe(`changed ${text}`);
  }
  expect(changed).toEqual(["a", "b", "a"]);
});

test("keeps the answers that were used last, and no large ones", () => {
  const { change, changed } = createChange();
  const answers = new RepeatedAnswers();
  for (let index = 0; index < 300; index++) {
    answers.answer(Buffer.from("kept"), "x", change);
    answers.answer(Buffer.from(String(index)), "x", change);
  }
  answers.answer(Buffer.from("0"), "x", change);
  expect(changed.filter((text) => text === "kept")).toHaveLength(1);
  expect(changed.filter((text) => text === "0")).toHaveLength(2);
  const large = Buffer.alloc(20_000, "l");
  answers.answer(large, "x", change);
  answers.answer(large, "x", change);
  expect(changed.filter((text) => text.startsWith("l"))).toHaveLength(2);
});
