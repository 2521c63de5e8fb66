import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A fenced block of a Markdown file. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

/** The fenced blocks of a file of this project, in order. */
export function readFences(file: string): Fence[] {
  const markdown = readFileSync(join(import.meta.dirname, "../..", file), "utf8");
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((match) => ({
    language: match[1] ?? "",
    text: match[2] ?? "",
    line: markdown.slice(0, match.index).split("\n").length + 1,
  }));
}

/** Commands of a `console` block, each with the output that it is said to have. */
export function readCommands(fence: Fence): { command: string; output: string }[] {
  return fence.text
    .split(/^\$ /m)
    .slice(1)
    .map((entry) => {
      const [command = "", ...output] = entry.split("\n");
      return { command, output: output.join("\n").trim() };
    });
}

/** What matches an output in which `…` stands for anything. */
export function toPattern(output: string): RegExp {
  const parts = output.trim().split("…");
  return new RegExp(`^${parts.map((part) => RegExp.escape(part)).join("[^]*")}$`);
}
