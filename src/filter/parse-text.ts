import { findSimilar, quoteName } from "../flight/index.ts";
import type { Condition, Expression, Literal, Operand } from "./expression.ts";
import { refused, type Place } from "./filter-error.ts";
import { filterDepthMax } from "./limits.ts";
import {
  comparisonSymbols,
  filterOperators,
  filterWords,
  negate,
  operandsOf,
  type FilterOperator,
} from "./operators.ts";
import { quoteText } from "./quote.ts";
import { placeOf, readTokens, type Token } from "./tokens.ts";

/**
 * Parses the text of a filter, as docs/filters.md describes it. Keywords are not case-sensitive.
 *
 * @throws FilterError
 */
export function parseText(text: string): Expression {
  return new Parser(text, readTokens(text)).filter();
}

/** Operators of words, the longest first, as one may begin another. */
const wordOperators = filterOperators
  .filter((operator) => /^[a-z]/.test(operator))
  .map((operator) => ({ operator, words: operator.split(" ") }))
  .sort((a, b) => b.words.length - a.words.length);

/** Words that a value may have before it, as in SQL: `date '2026-11-29'`. */
const typeWords = new Set(["date", "time", "timestamp", "timestamptz", "interval"]);

/** What a word in the place of an operator may stand for. */
function operatorHint(word: string): string {
  if (filterWords.has(word)) return "";
  const similar = findSimilar(
    word,
    wordOperators.map(({ words: [first = ""] }) => first),
  );
  return similar === undefined
    ? "; a name with spaces is put in double quotes"
    : `; did you mean ${similar.toUpperCase()}?`;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  filter(): Expression {
    const expression = this.#junction("or");
    if (this.#next.kind !== "end") throw this.#expected("AND, OR or the end", this.#unquotedHint());
    return expression;
  }

  /** AND binds more than OR, and NOT more than AND. */
  #junction(kind: "and" | "or"): Expression {
    const { start } = this.#next.place;
    const part = (): Expression => (kind === "or" ? this.#junction("and") : this.#negation());
    const parts = [part()];
    while (this.#takeWords(kind)) parts.push(part());
    return parts.length === 1 ? parts[0]! : { kind, parts, place: this.#placeFrom(start) };
  }

  #negation(): Expression {
    const { start } = this.#next.place;
    if (this.#isNot() && this.#takeWords("not")) {
      const part = this.#nested(() => this.#negation());
      return { kind: "not", part, place: this.#placeFrom(start) };
    }
    if (!this.#takeSymbol("(")) return this.#condition();
    const inside = this.#nested(() => this.#junction("or"));
    if (!this.#takeSymbol(")")) throw this.#expected("AND, OR or )");
    return { ...inside, place: this.#placeFrom(start) };
  }

  /** Whether a word `not` is the operator, and no column of that name. */
  #isNot(): boolean {
    const { kind, text } = this.#tokens[this.#at + 1] ?? this.#next;
    const isName = kind === "symbol" ? text !== "(" : kind === "name" && text.toLowerCase() === "is";
    return !isName;
  }

  #nested<T>(read: () => T): T {
    const { place } = this.#next;
    if (++this.#depth > filterDepthMax) throw refused(place, `it is nested more than ${filterDepthMax} deep`);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #condition(): Condition {
    const { start } = this.#next.place;
    const path = this.#path("the name of a column");
    const pathPlace = this.#placeFrom(start);
    const operator = this.#operator();
    const values = this.#operands(operator);
    const takesEscape = operator.endsWith("like") && this.#takeWords("escape");
    const escape = takesEscape ? this.#literal("a character in single quotes").text : undefined;
    return { kind: "condition", path, pathPlace, operator, values, escape, place: this.#placeFrom(start) };
  }

  #operator(): FilterOperator {
    const { kind, text } = this.#next;
    const comparison = kind === "symbol" ? comparisonSymbols[text] : undefined;
    if (comparison !== undefined) this.#at += 1;
    const operator = comparison ?? wordOperators.find(({ words }) => this.#takeWords(...words))?.operator;
    if (operator !== undefined) return operator;
    const hint = this.#isHint() ?? (kind === "name" ? operatorHint(text.toLowerCase()) : "");
    throw this.#expected("an operator such as =, IN, BETWEEN, LIKE, CONTAINS or IS NULL", hint);
  }

  /** What stands for IS with a value; undefined if there is no such. */
  #isHint(): string | undefined {
    const [is, second, third] = this.#tokens.slice(this.#at, this.#at + 3);
    if (is?.kind !== "name" || is.text.toLowerCase() !== "is") return undefined;
    const isNot = second?.kind === "name" && second.text.toLowerCase() === "not";
    const value = isNot ? third : second;
    if (value === undefined || value.kind === "end" || value.kind === "symbol") return undefined;
    const word = value.text.toLowerCase();
    const isBoolean = value.kind === "name" && (word === "true" || word === "false");
    const shown = isBoolean || value.kind === "number" ? value.text : quoteText(value.text);
    return `; IS is for NULL alone: write ${isNot ? "<>" : "="} ${shown}`;
  }

  /** Whether what has been read is the beginning of a date or time without quotes; what to write then. */
  #unquotedHint(): string {
    const before = this.#tokens[this.#at - 1];
    if (before?.kind !== "number" || before.place.end !== this.#next.place.start) return "";
    const [word] = /^[^\s(),']+/.exec(this.#text.slice(before.place.start)) ?? [""];
    return `; a date or a time is put in single quotes: ${quoteText(word)}`;
  }

  #operands(operator: FilterOperator): readonly Operand[] {
    switch (operandsOf(operator)) {
      case "none":
        return [];
      case "list":
        return this.#list();
      case "pattern":
        return [this.#literal("a string in single quotes")];
      case "one":
        return [this.#operand(operator)];
      case "two": {
        const from = this.#operand(operator);
        if (!this.#takeWords("and")) throw this.#expected("AND: write BETWEEN 1 AND 2", this.#unquotedHint());
        return [from, this.#operand(operator)];
      }
    }
  }

  #operand(operator: FilterOperator): Operand {
    const { kind, place } = this.#next;
    const literal = this.#takeLiteral();
    if (literal) return literal;
    if (this.#takeWords("null")) {
      const isNull = negate(operator) === "=" ? "IS NOT NULL" : "IS NULL";
      throw refused(place, `nothing is equal to NULL; write ${isNull}`);
    }
    if (kind !== "name" && kind !== "quoted") throw this.#expected("a number, a 'string', TRUE, FALSE or a column");
    const path = this.#path("a column");
    return { kind: "column", path, place: this.#placeFrom(place.start) };
  }

  #list(): Literal[] {
    if (!this.#takeSymbol("(")) throw this.#expected("( and a list of values");
    const what = "a number, a 'string', TRUE or FALSE";
    const values = [this.#literal(what)];
    while (this.#takeSymbol(",")) values.push(this.#literal(what));
    if (!this.#takeSymbol(")")) throw this.#expected(", or )", this.#unquotedHint());
    return values;
  }

  #literal(what: string): Literal {
    const literal = this.#takeLiteral();
    if (literal) return literal;
    const { kind, text } = this.#next;
    const isText = kind === "quoted" || (kind === "name" && text.toLowerCase() !== "null");
    throw this.#expected(what, isText ? `; a string is put in single quotes: ${quoteText(text)}` : "");
  }

  #takeLiteral(): Literal | undefined {
    if (typeWords.has(this.#next.text.toLowerCase()) && this.#next.kind === "name") {
      if (this.#tokens[this.#at + 1]?.kind === "string") this.#at += 1;
    }
    const { kind, text, place } = this.#next;
    const word = text.toLowerCase();
    const isBoolean = kind === "name" && (word === "true" || word === "false");
    if (kind !== "number" && kind !== "string" && !isBoolean) return undefined;
    this.#at += 1;
    return isBoolean ? { kind: "boolean", text: word, place } : { kind: kind as "number" | "string", text, place };
  }

  #path(what: string): string[] {
    const path: string[] = [];
    do {
      const { kind, text } = this.#next;
      if (kind !== "name" && kind !== "quoted") throw this.#expected(what);
      path.push(text);
      this.#at += 1;
    } while (this.#takeSymbol("."));
    return path;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  /** Whether the next tokens are these words of the grammar, which are taken then. */
  #takeWords(...words: readonly string[]): boolean {
    const isNext = words.every((word, i) => {
      const token = this.#tokens[this.#at + i];
      return token?.kind === "name" && token.text.toLowerCase() === word;
    });
    if (isNext) this.#at += words.length;
    return isNext;
  }

  #takeSymbol(symbol: string): boolean {
    const isNext = this.#next.kind === "symbol" && this.#next.text === symbol;
    if (isNext) this.#at += 1;
    return isNext;
  }

  /** The place from a character to the end of the last token that was taken. */
  #placeFrom(start: number): Place {
    return placeOf(start, this.#tokens[Math.max(0, this.#at - 1)]!.place.end);
  }

  #expected(what: string, hint = ""): Error {
    const { kind, text, place } = this.#next;
    return refused(place, `expected ${what}, found ${kind === "end" ? "the end" : quoteName(text)}${hint}`);
  }
}
