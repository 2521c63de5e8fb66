import { quoteName } from "../flight/index.ts";
import { refused, type Condition, type Literal } from "./condition.ts";
import { comparisonSymbols } from "./operators.ts";
import { readTokens, type Token } from "./tokens.ts";

/**
 * Parses the text of a filter: conditions joined by `and`, as in SQL. Keywords are not case-sensitive.
 *
 * @throws FlightError INVALID_ARGUMENT with the position of the mistake
 */
export function parseText(text: string): Condition[] {
  const parser = new Parser(readTokens(text));
  const conditions = [parser.condition()];
  while (parser.takeWord("and")) conditions.push(parser.condition());
  parser.end();
  return conditions;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  condition(): Condition {
    const { place } = this.#next;
    const path = this.#path();
    const { text } = this.#next;
    const comparison = this.#next.kind === "symbol" ? comparisonSymbols[text] : undefined;
    if (comparison !== undefined) {
      this.#at += 1;
      return { path, operator: comparison, values: [this.#literal()], place };
    }
    if (this.takeWord("is")) {
      const operator = this.takeWord("not") ? "is not null" : "is null";
      this.#word("null");
      return { path, operator, values: [], place };
    }
    if (this.takeWord("starts")) {
      this.#word("with");
      return { path, operator: "starts with", values: [this.#literal()], place };
    }
    const operator = this.takeWord("not") ? "not in" : "in";
    if (!this.takeWord("in")) {
      throw this.#expected(operator === "in" ? "a comparison, IN, IS NULL or STARTS WITH" : "IN");
    }
    return { path, operator, values: this.#list(), place };
  }

  /** Whether the next token is a word of the grammar, which is taken then. */
  takeWord(word: string): boolean {
    const isNext = this.#next.kind === "name" && this.#next.text.toLowerCase() === word;
    if (isNext) this.#at += 1;
    return isNext;
  }

  end(): void {
    if (this.#next.kind !== "end") throw this.#expected("AND or the end");
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #path(): string[] {
    const path: string[] = [];
    do {
      const { kind, text } = this.#next;
      if (kind !== "name" && kind !== "quoted") throw this.#expected("the name of a column");
      path.push(text);
      this.#at += 1;
    } while (this.#takeSymbol("."));
    return path;
  }

  #list(): Literal[] {
    if (!this.#takeSymbol("(")) throw this.#expected("( and a list of values");
    const values = [this.#literal()];
    while (this.#takeSymbol(",")) values.push(this.#literal());
    if (!this.#takeSymbol(")")) throw this.#expected(", or )");
    return values;
  }

  #literal(): Literal {
    const { kind, text, place } = this.#next;
    const word = text.toLowerCase();
    if (kind === "number" || kind === "string") {
      this.#at += 1;
      return { kind, text, place };
    }
    if (kind === "name" && (word === "true" || word === "false")) {
      this.#at += 1;
      return { kind: "boolean", text: word, place };
    }
    throw this.#expected("a number, a 'string', TRUE or FALSE");
  }

  #word(word: string): void {
    if (!this.takeWord(word)) throw this.#expected(word.toUpperCase());
  }

  #takeSymbol(symbol: string): boolean {
    const isNext = this.#next.kind === "symbol" && this.#next.text === symbol;
    if (isNext) this.#at += 1;
    return isNext;
  }

  #expected(what: string): Error {
    const { kind, text, place } = this.#next;
    return refused(place, `expected ${what}, found ${kind === "end" ? "the end" : quoteName(text)}`);
  }
}
