import { refused } from "./condition.ts";
import { comparisonSymbols } from "./operators.ts";

/** A piece of a filter's text. */
export interface Token {
  /** `0x01ff` is a number. `name` is a bare word, also a keyword. `quoted` is a name in double quotes. */
  readonly kind: "name" | "quoted" | "string" | "number" | "symbol" | "end";
  /** The value of the token, without quotes. */
  readonly text: string;
  /** Where it begins, for messages; characters are counted from 1. */
  readonly place: string;
}

/** Longer symbols come first: `<=` is one token. */
const symbols = [...Object.keys(comparisonSymbols), "(", ")", ",", "."].sort((a, b) => b.length - a.length);
const escapedSymbols = symbols.map((symbol) => symbol.replace(/[^\p{L}<>=!,]/gu, "\\$&"));

const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["number", /0[xX][0-9a-fA-F]*(?![\p{L}\p{N}_])/uy],
  ["number", /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_])/uy],
  ["name", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ["quoted", /"(?:[^"]|"")*"/y],
  ["string", /'(?:[^']|'')*'/y],
  ["symbol", new RegExp(escapedSymbols.join("|"), "y")],
];

/**
 * Splits text into tokens. The last token is the end. @throws FlightError INVALID_ARGUMENT at an invalid character or
 * an open string
 */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const space = /\s*/y;
  for (let at = 0; ;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    const place = `at character ${at + 1}`;
    if (at === text.length) return [...tokens, { kind: "end", text: "", place }];
    const found = match(text, at);
    if (found === undefined) throw refused(place, problemAt(text[at]!));
    tokens.push({ kind: found.kind, text: unquote(found.text), place });
    at += found.text.length;
  }
}

function match(text: string, at: number): { kind: Token["kind"]; text: string } | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found };
  }
  return undefined;
}

function unquote(text: string): string {
  const quote = text[0]!;
  return quote === "'" || quote === '"' ? text.slice(1, -1).replaceAll(quote + quote, quote) : text;
}

function problemAt(character: string): string {
  if (character === "'") return "a string is not closed";
  return character === '"' ? "a name in quotes has no end" : `${JSON.stringify(character)} is not expected here`;
}
