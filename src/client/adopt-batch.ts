import {
  Binary,
  BinaryView,
  Bool,
  Data,
  DataType,
  Date_,
  Decimal,
  Dictionary,
  Duration,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float,
  Int,
  Interval,
  LargeBinary,
  LargeList,
  LargeUtf8,
  List,
  Map_,
  Null,
  RecordBatch,
  Schema,
  Struct,
  Time,
  Timestamp,
  Type,
  Union,
  Utf8,
  Utf8View,
  Vector,
} from "apache-arrow";
import { FlightError } from "../flight/index.ts";

/*
 * A page or program may contain a second copy of apache-arrow, in a separate bundle or through a dependency. Its
 * objects look like those of our copy, but its types are instances of other classes. Our writer does not know these and
 * omits their data.
 */

/** The classes of types by `typeId`, which all copies share. The Arrow format defines most of these numbers. */
const classes: Readonly<Record<number, { readonly prototype: DataType }>> = {
  [Type.Null]: Null,
  [Type.Int]: Int,
  [Type.Float]: Float,
  [Type.Binary]: Binary,
  [Type.Utf8]: Utf8,
  [Type.Bool]: Bool,
  [Type.Decimal]: Decimal,
  [Type.Date]: Date_,
  [Type.Time]: Time,
  [Type.Timestamp]: Timestamp,
  [Type.Interval]: Interval,
  [Type.List]: List,
  [Type.Struct]: Struct,
  [Type.Union]: Union,
  [Type.FixedSizeBinary]: FixedSizeBinary,
  [Type.FixedSizeList]: FixedSizeList,
  [Type.Map]: Map_,
  [Type.Duration]: Duration,
  [Type.LargeBinary]: LargeBinary,
  [Type.LargeUtf8]: LargeUtf8,
  [Type.LargeList]: LargeList,
  [Type.BinaryView]: BinaryView,
  [Type.Utf8View]: Utf8View,
  [Type.Dictionary]: Dictionary,
};

/** The converted values of dictionaries. The writer recognizes a dictionary by its identity. */
const adopted = new WeakMap<Data, Data>();

/**
 * Converts a record batch to this copy of apache-arrow. A batch of this copy is returned unchanged. The result shares
 * the memory of the batch.
 *
 * @throws FlightError INVALID_ARGUMENT, with the column, if this copy does not know its type
 */
export function adoptBatch(batch: RecordBatch): RecordBatch {
  const isOwn = RecordBatch.prototype.isPrototypeOf(batch) && batch.schema.fields.every(isOwnField);
  if (isOwn && batch.data.children.every(isOwnData)) return batch;
  return new RecordBatch(adoptSchema(batch.schema), adoptData(batch.data) as Data<Struct>);
}

/** Converts a schema to this copy of apache-arrow, like `adoptBatch`. */
export function adoptSchema(schema: Schema): Schema {
  if (Schema.prototype.isPrototypeOf(schema) && schema.fields.every(isOwnField)) return schema;
  const fields = schema.fields.map((field) => {
    try {
      return adoptField(field);
    } catch (reason) {
      const words = `column ${field.name} is from another copy of apache-arrow and has a type that this copy does not know; pass the bytes of tableToIPC instead`;
      throw new FlightError("invalid_argument", words, { cause: reason });
    }
  });
  return new Schema(fields, schema.metadata);
}

function isOwnField({ type }: Field): boolean {
  return isOwnType(type) && ((type.children as Field[] | undefined) ?? []).every(isOwnField);
}

function isOwnType(type: DataType): boolean {
  return type instanceof DataType && (!DataType.isDictionary(type) || isOwnType(type.dictionary));
}

/** Data that `vectorFromArray` creates without values has no children, even if its type is nested. */
function isOwnData({ type, children, dictionary }: Data): boolean {
  const below = (children as readonly Data[] | undefined) ?? [];
  return isOwnType(type) && below.every(isOwnData) && (dictionary?.data ?? []).every(isOwnData);
}

function adoptField({ name, type, nullable, metadata }: Field): Field {
  return new Field(name, adoptType(type), nullable, metadata);
}

function adoptType(type: DataType): DataType {
  const { typeId } = type;
  const own = Object.create(classes[typeId]!.prototype, Object.getOwnPropertyDescriptors(type)) as DataType;
  const set = (properties: object): void => {
    for (const [name, value] of Object.entries(properties)) Object.defineProperty(own, name, { value });
  };
  // In older copies, it is a property of the prototype.
  set({ typeId });
  const children = type.children as Field[] | undefined;
  if (children) set({ children: children.map(adoptField) });
  const { indices, dictionary } = type as Partial<Dictionary>;
  if (indices && dictionary) set({ indices: adoptType(indices), dictionary: adoptType(dictionary) });
  return own;
}

function adoptData(data: Data): Data {
  const { offset, length, nullCount, buffers, children, dictionary, variadicBuffers } = data;
  return new Data(
    adoptType(data.type),
    offset,
    length,
    nullCount,
    buffers,
    children.map(adoptData),
    dictionary && new Vector(dictionary.data.map(adoptOnce)),
    variadicBuffers,
  );
}

function adoptOnce(values: Data): Data {
  const known = adopted.get(values);
  if (known) return known;
  const own = adoptData(values);
  adopted.set(values, own);
  return own;
}
