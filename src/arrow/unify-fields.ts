import { dictionaryValueField } from "./array-view.ts";
import { formatType } from "./format-type.ts";
import type { Field } from "./schema.ts";
import type { DataType } from "./data-type.ts";

/**
 * Returns the field that can hold the values of two fields; undefined if there is none. Nothing is lost:
 *
 * - A dictionary-encoded field and a plain one become plain. Two dictionaries stay one if their types are equal.
 * - Views become plain; a large string or binary stays large.
 * - Timestamps of two zones become UTC. Decimals of one scale and width get the larger precision.
 * - A field of type `null` becomes the other one.
 *
 * The result has the name of the first field, and the metadata that both have.
 */
export function unifyFields(first: Field, second: Field): Field | undefined {
  const isDictionary = first.dictionary && second.dictionary && formatType(first) === formatType(second);
  const shared = {
    name: first.name,
    nullable: first.nullable || second.nullable,
    metadata: sharedEntries(first.metadata, second.metadata),
    ...(isDictionary && { dictionary: first.dictionary }),
  };
  if (second.type.kind === "null") return { ...withoutDictionaries(first), ...shared, nullable: true };
  if (first.type.kind === "null") return { ...withoutDictionaries(second), ...shared, nullable: true };
  const type = unifyTypes(first.type, second.type);
  if (type === undefined || first.children.length !== second.children.length) return undefined;
  const children: Field[] = [];
  for (const [i, child] of first.children.entries()) {
    const other = second.children[i]!;
    // The name of a list's item has no meaning.
    const unified = type.kind !== "struct" || child.name === other.name ? unifyFields(child, other) : undefined;
    if (unified === undefined) return undefined;
    children.push(isDictionary ? unified : withoutDictionaries(unified));
  }
  return { ...shared, type, children };
}

/** Returns a field whose values, and whose children's, are not in dictionaries. Its type is the values'. */
export function withoutDictionaries(field: Field): Field {
  return { ...dictionaryValueField(field), children: field.children.map(withoutDictionaries) };
}

/** Returns the entries that two maps have in common. */
export function sharedEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...a].filter(([key, value]) => b.get(key) === value));
}

/** Types that hold the same values, from the one that is preferred to views, which another program may not know. */
const families: readonly (readonly DataType["kind"][])[] = [
  ["utf8", "large_utf8", "utf8_view"],
  ["binary", "large_binary", "binary_view"],
];

function unifyTypes(first: DataType, second: DataType): DataType | undefined {
  if (JSON.stringify(first) === JSON.stringify(second)) return first;
  const family = families.find((kinds) => kinds.includes(first.kind));
  if (family?.includes(second.kind) === true) {
    const [plain, large] = family as readonly ["utf8", "large_utf8"];
    return { kind: [first.kind, second.kind].includes(large) ? large : plain };
  }
  if (first.kind === "timestamp" && second.kind === "timestamp") {
    const areZoned = first.timezone !== "" && second.timezone !== "";
    return first.unit === second.unit && areZoned ? { ...first, timezone: "UTC" } : undefined;
  }
  if (first.kind === "decimal" && second.kind === "decimal") {
    const isSameWidth = first.scale === second.scale && first.bitWidth === second.bitWidth;
    return isSameWidth ? { ...first, precision: Math.max(first.precision, second.precision) } : undefined;
  }
  return undefined;
}
