import { encodeSchema, type Field } from "../../src/arrow/index.ts";
import type { Random } from "./random.ts";
import { delimited, field } from "./shapes.ts";

/** Messages of a DoPut: a descriptor and a schema that may be large, and then something small many times. */
export function createPut(random: Random, byteLength: number): readonly Buffer[] {
  const descriptor = Buffer.concat([field(1, 0, [1]), delimited(3, Buffer.from("a"))]);
  const first = Buffer.concat([delimited(1, descriptor), delimited(2, pickSchema(random))]);
  const small = random.pick([
    Buffer.alloc(0),
    delimited(3, Buffer.from("m")),
    delimited(3, Buffer.alloc(1000, 0x6d)),
    delimited(2, random.bytes(40)),
    delimited(2, pickSchema(random)),
    delimited(1, descriptor),
    delimited(1000, Buffer.alloc(1000)),
  ]);
  const count = Math.min(1_000, Math.ceil(byteLength / (small.length + 5)));
  return [first, ...Array<Buffer>(count).fill(small)];
}

/** What schemas may have much of. They are made once: that takes longer than to send them. */
const schemas = [
  { count: 1, name: "c" },
  { count: 20, name: "n".repeat(40_000) },
  { count: 4096, name: "c" },
  { count: 4096, name: "" },
  { count: 100, name: "价".repeat(300) },
  { count: 1, name: "c", depth: 60 },
  { count: 1, name: "c", depth: 200 },
  { count: 500, name: "c", depth: 3 },
  { count: 1, name: "c", entryCount: 5000 },
  { count: 200, name: "c", entryCount: 50 },
].map(encode);

function encode({ count, name, depth = 0, entryCount = 0 }: SchemaShape): Buffer {
  const metadata = new Map(Array.from({ length: entryCount }, (_, i) => [`k${i}`, "v"]));
  const fields = Array.from({ length: count }, (_, i) => nest(`${name}${i}`, depth, metadata));
  return Buffer.from(encodeSchema({ fields, metadata }));
}

interface SchemaShape {
  readonly count: number;
  readonly name: string;
  readonly depth?: number;
  readonly entryCount?: number;
}

/** One of them, half of the time with a byte changed, which may be an offset, a length or a type. */
function pickSchema(random: Random): Buffer {
  const schema = Buffer.from(random.pick(schemas));
  if (random.chance(0.5)) schema[random.below(schema.length)] = random.below(256);
  return schema;
}

function nest(name: string, depth: number, metadata: ReadonlyMap<string, string>): Field {
  const type = depth === 0 ? ({ kind: "utf8" } as const) : ({ kind: "struct" } as const);
  const children = depth === 0 ? [] : [nest("s", depth - 1, new Map())];
  return { name, nullable: true, type, children, metadata };
}
