import { encodeSchema, type Field } from "../../src/arrow/index.ts";
import type { Random } from "./random.ts";
import { delimited, field } from "./shapes.ts";

/** Messages of a DoPut: a descriptor and a schema that may be large, and then something small many times. */
export function createPut(random: Random, byteLength: number): readonly Buffer[] {
  const descriptor = Buffer.concat([field(1, 0, [1]), delimited(3, Buffer.from("a"))]);
  const first = Buffer.concat([delimited(1, descriptor), delimited(2, createSchema(random))]);
  const small = random.pick([
    Buffer.alloc(0),
    delimited(3, Buffer.from("m")),
    delimited(3, Buffer.alloc(1000, 0x6d)),
    delimited(2, random.bytes(40)),
    delimited(2, createSchema(random)),
    delimited(1, descriptor),
    delimited(1000, Buffer.alloc(1000)),
  ]);
  const count = Math.min(1_000, Math.ceil(byteLength / (small.length + 5)));
  return [first, ...Array<Buffer>(count).fill(small)];
}

/** Columns of many names, long names, deep nesting, or much metadata. */
function createSchema(random: Random): Buffer {
  const name = random.pick(["", "c", "价", "n".repeat(40_000)]);
  const count = name.length > 1 ? 1 + random.below(20) : 2 ** random.below(13);
  const depth = random.pick([0, 0, 1, 60, 200]);
  const metadata = new Map(Array.from({ length: random.pick([0, 1, 500]) }, (_, i) => [`k${i}`, name]));
  const fields = Array.from({ length: depth > 1 ? 1 : count }, (_, i) => nest(`${name}${i}`, depth, metadata));
  const schema = Buffer.from(encodeSchema({ fields, metadata }));
  // A byte elsewhere, which may be an offset, a length or a type.
  if (random.chance(0.5)) schema[random.below(schema.length)] = random.below(256);
  return schema;
}

function nest(name: string, depth: number, metadata: ReadonlyMap<string, string>): Field {
  const type = depth === 0 ? ({ kind: "utf8" } as const) : ({ kind: "struct" } as const);
  const children = depth === 0 ? [] : [nest("s", depth - 1, new Map())];
  return { name, nullable: true, type, children, metadata };
}
