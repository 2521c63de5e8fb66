import type { ArrayView } from "../../arrow/index.ts";
import { intervalByteWidth } from "../format/shown-leaves.ts";
import { toRange } from "../write/plain-values.ts";

const monthDayNanoByteWidth = 16;
const nanosecondsPerMillisecond = 1_000_000n;

/**
 * Converts Parquet intervals to Arrow intervals. A Parquet interval has months, days and milliseconds in 32 bits each.
 * Months and days are signed, as DuckDB writes them. Source: the Parquet format's LogicalTypes, INTERVAL.
 */
export function toIntervals(array: ArrayView): ArrayView {
  const end = array.offset + array.length;
  const own = new Uint8Array(end * intervalByteWidth);
  if (end > 0) array.buffers[0]!.copyTo(own, 0);
  const from = new DataView(own.buffer);
  const intervals = new Uint8Array(end * monthDayNanoByteWidth);
  const to = new DataView(intervals.buffer);
  for (let i = array.offset; i < end; i++) {
    const at = i * monthDayNanoByteWidth;
    const source = i * intervalByteWidth;
    to.setInt32(at, from.getInt32(source, true), true);
    to.setInt32(at + 4, from.getInt32(source + 4, true), true);
    to.setBigInt64(at + 8, BigInt(from.getUint32(source + 8, true)) * nanosecondsPerMillisecond, true);
  }
  return { ...array, storage: { kind: "fixed", bitWidth: monthDayNanoByteWidth * 8 }, buffers: [toRange(intervals)] };
}
