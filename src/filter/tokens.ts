import { refused, type Place } from "./filter-error.ts";
import { comparisonSymbols } from "./operators.ts";
import { quoteText } from "./quote.ts";

/** A piece of a filter's text. */
export interface Token {
  /** `0x01ff` is a number. `name` is a bare word, also a keyword. `quoted` is a name in double quotes. */
  readonly kind: "name" | "quoted" | "string" | "number" | "symbol" | "end";
  /** The value of the token, without quotes. */
  readonly text: string;
  readonly place: Required<Place>;
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

/** What other languages have, and what a filter has instead. */
const foreign: readonly (readonly [string, string])[] = [
  ["==", "write = instead of =="],
  ["=<", "write <= instead of =<"],
  ["=>", "write >= instead of =>"],
  ["&&", "write AND instead of &&"],
  ["||", "write OR instead of ||"],
  ["&", "write AND instead of &"],
  ["|", "write OR instead of |"],
  ["`", 'a name is put in double quotes: "'],
  ["‘", "a string is put in straight quotes: '"],
  ["’", "a string is put in straight quotes: '"],
  ["“", "a string is put in straight single quotes: '"],
  ["”", "a string is put in straight single quotes: '"],
  ["'", "a string is not closed; a quote within a string is written twice: ''"],
  ['"', "a name in quotes has no end"],
];

/**
 * Splits text into tokens. The last token is the end.
 *
 * @throws FilterError at an invalid character or an open string. Of operators of other languages, it names all.
 */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const wrong: { readonly place: Required<Place>; readonly problem: string }[] = [];
  const space = /\s*/y;
  for (let at = 0; ;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    const [first] = wrong;
    if (at === text.length && first === undefined) {
      return [...tokens, { kind: "end", text: "", place: placeOf(at, at) }];
    }
    const hint = foreign.find(([symbol]) => symbol.length > 1 && text.startsWith(symbol, at));
    if (hint !== undefined) {
      const end = at + hint[0].length;
      wrong.push({ place: placeOf(at, end), problem: hint[1] });
      at = end;
      continue;
    }
    const found = match(text, at);
    if (found === undefined && first === undefined) throw refused(placeOf(at, at + 1), problemAt(text, at));
    if (found === undefined) {
      throw refused(first!.place, [...new Set(wrong.map(({ problem }) => problem))].join(", and "));
    }
    tokens.push({ kind: found.kind, text: unquote(found.text), place: placeOf(at, at + found.text.length) });
    at += found.text.length;
  }
}

/** Returns the place of some characters, from `start`, 0 for the first, to `end`, exclusive. */
export function placeOf(start: number, end: number): Required<Place> {
  return { words: `at character ${start + 1}`, start, end };
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

function problemAt(text: string, at: number): string {
  const hint = foreign.find(([symbol]) => text.startsWith(symbol, at))?.[1];
  if (hint !== undefined) return hint;
  const character = String.fromCodePoint(text.codePointAt(at)!);
  if (character === "!") return "write NOT instead of !";
  const before = /[^\s(),']*$/.exec(text.slice(0, at))![0];
  const word = before + (/^[^\s(),']+/.exec(text.slice(at))?.[0] ?? "");
  if (/^\d/.test(word)) return `a date, a time or another string is put in single quotes: ${quoteText(word)}`;
  return `${JSON.stringify(character)} is not expected here; a name with signs or spaces is put in double quotes`;
}
