import { refused, type Place } from "./filter-error.ts";
import { foldCase } from "./fold-case.ts";
import { filterPatternBytesMax } from "./limits.ts";
import type { FilterOperator } from "./operators.ts";

/**
 * A pattern for strings: pieces that follow one another, with any characters between them. The first piece is at the
 * beginning of the string, and the last one at its end. It is plain data, so that it can be sent to workers.
 */
export interface TextPattern {
  /** Bytes of UTF-8, and `anyCharacter`. At least one piece; a piece may be empty. */
  readonly pieces: readonly Int16Array[];
  /** Whether the pieces have been folded, as the values must be. */
  readonly ignoresCase: boolean;
}

/** The element of a piece that stands for one character. */
export const anyCharacter = 256;

/** A pattern as it was written. */
export interface WrittenPattern {
  /** The operator without `not`. */
  readonly operator: FilterOperator;
  readonly text: string;
  readonly escape: string | undefined;
  readonly place: Place;
}

/**
 * Compiles the pattern of an operator.
 *
 * @throws FilterError if it is too long, or if its escape character is wrong
 */
export function compilePattern({ operator, text, escape, place }: WrittenPattern): TextPattern {
  const ignoresCase = operator === "ilike" || operator === "icontains";
  const encode = (part: string): Int16Array => {
    const bytes = new TextEncoder().encode(part);
    return Int16Array.from(ignoresCase ? foldCase(bytes) : bytes);
  };
  const pieces = operator.endsWith("like")
    ? splitPattern(text, { escape, place }).map((parts) => joinParts(parts, encode))
    : surround(operator, encode(text));
  const byteLength = pieces.reduce((sum, piece) => sum + piece.length, 0);
  // The search for a prefix is linear.
  if (byteLength > filterPatternBytesMax && operator !== "starts with") {
    throw refused(place, `the pattern has ${byteLength} bytes; the maximum is ${filterPatternBytesMax}`);
  }
  return { pieces, ignoresCase };
}

/** Returns the bytes that every match begins with. */
export function prefixOf({ pieces, ignoresCase }: TextPattern): Uint8Array {
  if (ignoresCase) return new Uint8Array();
  const [first] = pieces as readonly [Int16Array];
  const end = first.indexOf(anyCharacter);
  return Uint8Array.from(end < 0 ? first : first.subarray(0, end));
}

function surround(operator: FilterOperator, text: Int16Array): Int16Array[] {
  const any = new Int16Array();
  if (operator === "starts with") return [text, any];
  return operator === "ends with" ? [any, text] : [any, text, any];
}

/** A text between wildcards, or `_`, which stands for one character. */
type PatternPart = string | typeof anyCharacter;

/** Splits a LIKE pattern at each `%`. */
function splitPattern(
  text: string,
  { escape, place }: Pick<WrittenPattern, "escape" | "place">,
): readonly (readonly PatternPart[])[] {
  if (escape !== undefined && [...escape].length !== 1) throw refused(place, "the escape must be one character");
  const pieces: PatternPart[][] = [[]];
  let literal = "";
  const end = (): void => {
    if (literal !== "") pieces.at(-1)!.push(literal);
    literal = "";
  };
  const characters = [...text];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    if (character === escape) {
      const next = characters[++i];
      if (next === undefined) throw refused(place, "the pattern ends with its escape character");
      literal += next;
    } else if (character === "%") {
      end();
      pieces.push([]);
    } else if (character === "_") {
      end();
      pieces.at(-1)!.push(anyCharacter);
    } else literal += character;
  }
  end();
  return pieces;
}

function joinParts(parts: readonly PatternPart[], encode: (part: string) => Int16Array): Int16Array {
  return Int16Array.from(parts.flatMap((part) => (part === anyCharacter ? [part] : [...encode(part)])));
}
