import type { Builder, Offset } from "flatbuffers";
import { Binary } from "apache-arrow/fb/binary";
import { BinaryView } from "apache-arrow/fb/binary-view";
import { Bool } from "apache-arrow/fb/bool";
import { Date as DateTable } from "apache-arrow/fb/date";
import { DateUnit } from "apache-arrow/fb/date-unit";
import { Decimal } from "apache-arrow/fb/decimal";
import { Duration } from "apache-arrow/fb/duration";
import { FixedSizeBinary } from "apache-arrow/fb/fixed-size-binary";
import { FixedSizeList } from "apache-arrow/fb/fixed-size-list";
import { FloatingPoint } from "apache-arrow/fb/floating-point";
import { Int } from "apache-arrow/fb/int";
import { Interval } from "apache-arrow/fb/interval";
import { LargeBinary } from "apache-arrow/fb/large-binary";
import { LargeList } from "apache-arrow/fb/large-list";
import { LargeListView } from "apache-arrow/fb/large-list-view";
import { LargeUtf8 } from "apache-arrow/fb/large-utf8";
import { List } from "apache-arrow/fb/list";
import { ListView } from "apache-arrow/fb/list-view";
import { Map as MapTable } from "apache-arrow/fb/map";
import { Null } from "apache-arrow/fb/null";
import { RunEndEncoded } from "apache-arrow/fb/run-end-encoded";
import { Struct_ } from "apache-arrow/fb/struct-";
import { Time } from "apache-arrow/fb/time";
import { Timestamp } from "apache-arrow/fb/timestamp";
import { Type } from "apache-arrow/fb/type";
import { Union } from "apache-arrow/fb/union";
import { UnionMode } from "apache-arrow/fb/union-mode";
import { Utf8 } from "apache-arrow/fb/utf8";
import { Utf8View } from "apache-arrow/fb/utf8-view";
import { floatWidths, intervalUnits, timeUnits, type DataType, type IntType, type SimpleKind } from "./data-type.ts";

/** A type in a flatbuffer: which table it is, and where. */
export interface EncodedType {
  readonly type: Type;
  readonly offset: Offset;
}

/** The tables of the types that have no parameters. */
const simpleTypes: Record<SimpleKind, readonly [Type, (builder: Builder) => Offset]> = {
  null: [Type.Null, (builder) => (Null.startNull(builder), Null.endNull(builder))],
  bool: [Type.Bool, (builder) => (Bool.startBool(builder), Bool.endBool(builder))],
  utf8: [Type.Utf8, (builder) => (Utf8.startUtf8(builder), Utf8.endUtf8(builder))],
  large_utf8: [Type.LargeUtf8, (builder) => (LargeUtf8.startLargeUtf8(builder), LargeUtf8.endLargeUtf8(builder))],
  utf8_view: [Type.Utf8View, (builder) => (Utf8View.startUtf8View(builder), Utf8View.endUtf8View(builder))],
  binary: [Type.Binary, (builder) => (Binary.startBinary(builder), Binary.endBinary(builder))],
  large_binary: [
    Type.LargeBinary,
    (builder) => (LargeBinary.startLargeBinary(builder), LargeBinary.endLargeBinary(builder)),
  ],
  binary_view: [Type.BinaryView, (builder) => (BinaryView.startBinaryView(builder), BinaryView.endBinaryView(builder))],
  list: [Type.List, (builder) => (List.startList(builder), List.endList(builder))],
  large_list: [Type.LargeList, (builder) => (LargeList.startLargeList(builder), LargeList.endLargeList(builder))],
  list_view: [Type.ListView, (builder) => (ListView.startListView(builder), ListView.endListView(builder))],
  large_list_view: [
    Type.LargeListView,
    (builder) => (LargeListView.startLargeListView(builder), LargeListView.endLargeListView(builder)),
  ],
  struct: [Type.Struct_, (builder) => (Struct_.startStruct_(builder), Struct_.endStruct_(builder))],
  run_end_encoded: [
    Type.RunEndEncoded,
    (builder) => (RunEndEncoded.startRunEndEncoded(builder), RunEndEncoded.endRunEndEncoded(builder)),
  ],
};

/** Encodes the table of an integer type, also of a dictionary's indices. */
export function encodeInt(builder: Builder, { bitWidth, signed }: IntType): Offset {
  return Int.createInt(builder, bitWidth, signed);
}

/** Encodes a type into a flatbuffer; nothing else may be under construction there. */
export function encodeDataType(builder: Builder, type: DataType): EncodedType {
  switch (type.kind) {
    case "int":
      return { type: Type.Int, offset: encodeInt(builder, type) };
    case "float":
      return {
        type: Type.FloatingPoint,
        offset: FloatingPoint.createFloatingPoint(builder, floatWidths.indexOf(type.bitWidth)),
      };
    case "decimal":
      return { type: Type.Decimal, offset: Decimal.createDecimal(builder, type.precision, type.scale, type.bitWidth) };
    case "fixed_size_binary":
      return { type: Type.FixedSizeBinary, offset: FixedSizeBinary.createFixedSizeBinary(builder, type.byteWidth) };
    case "date": {
      const unit = type.unit === "day" ? DateUnit.DAY : DateUnit.MILLISECOND;
      return { type: Type.Date, offset: DateTable.createDate(builder, unit) };
    }
    case "time":
      return { type: Type.Time, offset: Time.createTime(builder, timeUnits.indexOf(type.unit), type.bitWidth) };
    case "timestamp": {
      const timezone = type.timezone === "" ? 0 : builder.createString(type.timezone);
      return {
        type: Type.Timestamp,
        offset: Timestamp.createTimestamp(builder, timeUnits.indexOf(type.unit), timezone),
      };
    }
    case "duration":
      return { type: Type.Duration, offset: Duration.createDuration(builder, timeUnits.indexOf(type.unit)) };
    case "interval":
      return { type: Type.Interval, offset: Interval.createInterval(builder, intervalUnits.indexOf(type.unit)) };
    case "fixed_size_list":
      return { type: Type.FixedSizeList, offset: FixedSizeList.createFixedSizeList(builder, type.listSize) };
    case "map":
      return { type: Type.Map, offset: MapTable.createMap(builder, type.keysSorted) };
    case "union": {
      const typeIds = Union.createTypeIdsVector(builder, [...type.typeIds]);
      const mode = type.mode === "dense" ? UnionMode.Dense : UnionMode.Sparse;
      return { type: Type.Union, offset: Union.createUnion(builder, mode, typeIds) };
    }
    default: {
      const [table, encode] = simpleTypes[type.kind];
      return { type: table, offset: encode(builder) };
    }
  }
}
