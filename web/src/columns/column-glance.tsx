import type { Field } from "hangar/flight";
import { showBound, shownType } from "../table/show-cells.ts";
import { formatCount, formatShare } from "../ui/format.ts";
import { showCut } from "./show-cut.ts";
import type { ColumnSummary } from "./summary.ts";
import "./column-glance.css";

interface Props {
  readonly field: Field;
  /** Undefined until rows have been read. */
  readonly summary: ColumnSummary | undefined;
}

const [width, height] = [100, 20];

/** The distribution of a column's values in a line: bars of numbers, or the shares of the most frequent values. */
export default function ColumnGlance({ field, summary }: Props) {
  const words = summary && wordsOf(field, summary);
  return (
    <span className="column-glance" title={words}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        {...(words ? { role: "img", "aria-label": words } : { "aria-hidden": true })}
      >
        {summary && barsOf(summary)}
      </svg>
    </span>
  );
}

function barsOf({ distribution, rowCount }: ColumnSummary) {
  if (distribution.kind === "none") return null;
  if (distribution.kind === "histogram") {
    const { bars } = distribution;
    const most = Math.max(...bars.map((bar) => bar.rowCount));
    const side = width / bars.length;
    return bars.map((bar, i) => {
      const share = (height * bar.rowCount) / most;
      return <rect key={i} x={i * side} width={0.9 * side} y={height - share} height={share} />;
    });
  }
  let x = 0;
  return distribution.values.map((value, i) => {
    const share = (width * value.rowCount) / rowCount;
    x += share;
    return (
      <rect key={i} x={x - share} width={Math.max(0.5, share - 0.6)} y={6} height={height - 8} opacity={1 - i / 8} />
    );
  });
}

function wordsOf(field: Field, { distribution, min, max, distinct, nullCount, rowCount }: ColumnSummary): string {
  const first = distribution.kind === "top" ? distribution.values[0] : undefined;
  const parts = [
    min &&
      max &&
      distribution.kind === "histogram" &&
      `${showBound(field.type, min.text)} to ${showBound(field.type, max.text)}`,
    first?.rowCount === 1 && rowCount > 1 && "values that differ",
    first &&
      first.rowCount > 1 &&
      `most often ${showCut(shownType(field), first) || "empty"} (${formatShare(first.rowCount, rowCount)})`,
    distinct && `${distinct.isExact ? "" : "≈ "}${formatCount(distinct.count)} distinct`,
    nullCount > 0 && `${formatShare(nullCount, rowCount)} null`,
  ];
  return `${field.name}: ${parts.filter(Boolean).join(", ") || "nested values"}; of ${formatCount(rowCount)} rows`;
}
