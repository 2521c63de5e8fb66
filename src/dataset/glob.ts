import { FlightError } from "../flight/index.ts";
import { globCharCountMax } from "./limits.ts";

/*
 * A glob is compiled to a nondeterministic automaton, which runs all its states at the same time. The time is bounded
 * by the length of the pattern times the length of the name. A regular expression could backtrack.
 */
type State =
  /** Takes one character, then the state behind it. */
  | { readonly takes: (char: string) => boolean }
  /** Goes on at each of these without taking a character. */
  | { readonly goesTo: number[] };

const any = (): boolean => true;
const inSegment = (char: string): boolean => char !== "/";

/**
 * Compiles a glob pattern to a function that matches whole names. `*` and `?` match within a segment. `**` matches any
 * number of segments. `[abc]`, `[a-z]`, `[!abc]` match one character, and `{a,b}` matches alternatives; both can be
 * nested. A backslash escapes nothing: write `[*]` for a star. An empty pattern matches every name.
 *
 * @throws FlightError INVALID_ARGUMENT if a bracket or brace is not closed, or if the pattern is too long
 */
export function compileGlob(pattern: string): (name: string) => boolean {
  if (pattern === "") return any;
  const chars = [...pattern.normalize("NFC")];
  if (chars.length > globCharCountMax) {
    throw invalid(`it has ${chars.length} characters; the maximum is ${globCharCountMax}`);
  }
  const states = new GlobCompiler(chars).compile();
  return (name) => run(states, name);
}

/** Runs the states over a name; the state behind the last one means that all of it matched. */
function run(states: readonly State[], name: string): boolean {
  let current = new Set<number>();
  enter(states, 0, current);
  for (const char of name) {
    const next = new Set<number>();
    for (const index of current) {
      const state = states[index];
      if (state && "takes" in state && state.takes(char)) enter(states, index + 1, next);
    }
    if (next.size === 0) return false;
    current = next;
  }
  return current.has(states.length);
}

/** Adds a state, and all that are reached from it without taking a character. */
function enter(states: readonly State[], index: number, into: Set<number>): void {
  const waiting = [index];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (into.has(at)) continue;
    into.add(at);
    const state = states[at];
    if (state && "goesTo" in state) waiting.push(...state.goesTo);
  }
}

class GlobCompiler {
  readonly #chars: readonly string[];
  readonly #states: State[] = [];
  #at = 0;

  constructor(chars: readonly string[]) {
    this.#chars = chars;
  }

  compile(): readonly State[] {
    this.#sequence(false);
    return this.#states;
  }

  /** Compiles up to the end, or inside braces up to the `,` or `}` that ends the alternative. */
  #sequence(inBraces: boolean): void {
    for (let char = this.#chars[this.#at]; char !== undefined; char = this.#chars[this.#at]) {
      if (inBraces && (char === "," || char === "}")) return;
      this.#at += 1;
      if (char === "*") this.#star();
      else if (char === "?") this.#take(inSegment);
      else if (char === "[") this.#take(this.#bracket());
      else if (char === "{") this.#braces();
      else this.#take((other) => other === char);
    }
    if (inBraces) throw invalid("a brace is not closed");
  }

  #star(): void {
    if (this.#chars[this.#at] !== "*") return this.#repeat(inSegment);
    const startsSegment = this.#at === 1 || this.#chars[this.#at - 2] === "/";
    this.#at += 1;
    if (!startsSegment || this.#chars[this.#at] !== "/") return this.#repeat(any);
    this.#at += 1;
    const skip: number[] = [];
    this.#states.push({ goesTo: skip });
    skip.push(this.#states.length);
    this.#repeat(any);
    this.#take((char) => char === "/");
    skip.push(this.#states.length);
  }

  #take(takes: (char: string) => boolean): void {
    this.#states.push({ takes });
  }

  #repeat(takes: (char: string) => boolean): void {
    const start = this.#states.length;
    this.#states.push({ goesTo: [start + 1, start + 3] }, { takes }, { goesTo: [start] });
  }

  #bracket(): (char: string) => boolean {
    const negated = this.#chars[this.#at] === "!" || this.#chars[this.#at] === "^";
    const start = negated ? this.#at + 1 : this.#at;
    // A bracket that comes first is a member: `[]]` and `[!]]`.
    const end = this.#chars.indexOf("]", start + 1);
    if (end < 0) throw invalid("a bracket is not closed");
    this.#at = end + 1;
    const ranges = rangesOf(this.#chars.slice(start, end));
    return (char) => {
      const codePoint = char.codePointAt(0) ?? 0;
      const isMember = ranges.some(([from, to]) => from <= codePoint && codePoint <= to);
      return isMember !== negated && inSegment(char);
    };
  }

  #braces(): void {
    const alternatives: number[] = [];
    const ends: number[][] = [];
    this.#states.push({ goesTo: alternatives });
    do {
      alternatives.push(this.#states.length);
      this.#sequence(true);
      const end: number[] = [];
      this.#states.push({ goesTo: end });
      ends.push(end);
      this.#at += 1;
    } while (this.#chars[this.#at - 1] === ",");
    for (const end of ends) end.push(this.#states.length);
  }
}

/** The members of a bracket as ranges of code points, both ends inclusive. */
function rangesOf(members: readonly string[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  const codePointAt = (i: number): number => members[i]?.codePointAt(0) ?? 0;
  for (let i = 0; i < members.length; i++) {
    const isRange = members[i + 1] === "-" && i + 2 < members.length;
    ranges.push([codePointAt(i), codePointAt(isRange ? i + 2 : i)]);
    if (isRange) i += 2;
  }
  return ranges;
}

function invalid(problem: string): FlightError {
  return new FlightError("invalid_argument", `the pattern is not valid: ${problem}`);
}
