import type { DataType, Field, Scalar, TimeUnit } from "../arrow/index.ts";

/** How two columns compare: what each value is converted to first. */
export interface FieldComparison {
  readonly left: (value: Scalar) => Scalar;
  readonly right: (value: Scalar) => Scalar;
}

const unitDigits: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };
const secondsPerDay = 86_400n;

/** What a type measures. Types of one family compare. */
interface Measure {
  readonly family: string;
  /** Digits after the point. */
  readonly scale: number;
  /** How many of the family's units one unit of the type has. */
  readonly unit: bigint;
}

/**
 * Says how two columns compare; undefined if their types do not. Integers, decimals, dates and times compare exactly,
 * whatever their scale. A decimal is rounded to a float if the other column has floats.
 */
export function compareFields(left: Field, right: Field): FieldComparison | undefined {
  const [leftMeasure, rightMeasure] = [measure(left), measure(right)];
  if (leftMeasure === undefined || leftMeasure.family !== rightMeasure?.family) return undefined;
  const isFloat = left.type.kind === "float" || right.type.kind === "float";
  const scale = Math.max(leftMeasure.scale, rightMeasure.scale);
  return {
    left: converter(left.type, leftMeasure, { isFloat, scale }),
    right: converter(right.type, rightMeasure, { isFloat, scale }),
  };
}

function converter(
  type: DataType,
  { scale, unit }: Measure,
  to: { readonly isFloat: boolean; readonly scale: number },
): (value: Scalar) => Scalar {
  if (to.isFloat) {
    return type.kind === "decimal" ? (value) => Number(`${value as bigint}e${-scale}`) : (value) => value;
  }
  const factor = unit * 10n ** BigInt(to.scale - scale);
  return factor === 1n ? (value) => value : (value) => BigInt(value as number | bigint) * factor;
}

function measure({ type, children }: Field): Measure | undefined {
  if (children.length > 0) return undefined;
  switch (type.kind) {
    case "int":
    case "float":
      return { family: "number", scale: 0, unit: 1n };
    case "decimal":
      return { family: "number", scale: type.scale, unit: 1n };
    case "utf8":
    case "large_utf8":
    case "utf8_view":
      return { family: "text", scale: 0, unit: 1n };
    case "binary":
    case "large_binary":
    case "binary_view":
    case "fixed_size_binary":
      return { family: "binary", scale: 0, unit: 1n };
    case "date":
      return type.unit === "day"
        ? { family: "timestamp", scale: 0, unit: secondsPerDay }
        : { family: "timestamp", scale: unitDigits.ms, unit: 1n };
    case "timestamp":
      return { family: type.timezone === "" ? "timestamp" : "instant", scale: unitDigits[type.unit], unit: 1n };
    case "time":
    case "duration":
      return { family: type.kind, scale: unitDigits[type.unit], unit: 1n };
    case "bool":
      return { family: "bool", scale: 0, unit: 1n };
    default:
      return undefined;
  }
}
