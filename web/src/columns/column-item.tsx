import type { DataType, Field } from "hangar/flight";
import { showType } from "../table/show-type.ts";
import type { StoredColumn } from "../api/read-statistics.ts";
import { conditionOf, setCondition } from "../selection/filter-text.ts";
import { navigate, useView } from "../state/navigate.ts";
import { showBound, shownType } from "../table/show-cells.ts";
import { focusHome } from "../ui/focus.ts";
import { formatCount, formatShare, showName } from "../ui/format.ts";
import { distinctError } from "./distinct-counter.ts";
import { DistributionView } from "./distribution-view.tsx";
import { showCut } from "./show-cut.ts";
import type { Bound, ColumnSummary, Statistics } from "./summary.ts";

interface ItemProps {
  readonly field: Field;
  readonly summary: ColumnSummary | undefined;
  /** What the file says of the column, over all of its rows. */
  readonly stored: StoredColumn | undefined;
  /** Whether it says something of columns, this one or others. */
  readonly hasStored: boolean;
  readonly rowCount: number | undefined;
  readonly hasFilter: boolean;
}

/** One column: its name, figures, and distribution. */
export function ColumnItem({ field, summary, stored, hasStored, rowCount, hasFilter }: ItemProps) {
  const type = shownType(field);
  const nulls = stored?.nullCount === undefined ? summary?.nullCount : stored.nullCount;
  const nullsOf = stored?.nullCount === undefined ? summary?.rowCount : rowCount;
  const told = finiteBounds(stored);
  const isSeen = [
    hasStored && stored?.nullCount === undefined && summary && "nulls",
    hasStored && told === undefined && summary?.min !== undefined && "min and max",
  ].filter(Boolean);
  const statistics = summary?.distribution.kind === "histogram" ? summary.distribution.statistics : undefined;
  return (
    <li className="column-item" aria-label={showName(field.name)} {...focusHome}>
      <div className="column-name">
        <h2>{field.name}</h2>
        <span className="type">{showType(field)}</span>
        {hasFilter && <ShowAllValues field={field} />}
        {isSeen.length > 0 && <p className="hint">Of the rows read: {isSeen.join(", ")}</p>}
      </div>
      <div>
        <dl>
          <Fact title="Nulls" text={nulls !== undefined && nullsOf !== undefined ? formatShare(nulls, nullsOf) : ""} />
          <DistinctFact summary={summary} />
          <Fact title="Min" text={told ? told.min : boundWords(type, summary, summary?.min)} />
          <Fact title="Max" text={told ? told.max : boundWords(type, summary, summary?.max)} />
        </dl>
        {statistics && <StatisticFacts type={type} statistics={statistics} />}
      </div>
      {summary && <DistributionView field={field} summary={summary} hasFilter={hasFilter} />}
    </li>
  );

  /** The bounds that the file tells, which are of all rows; undefined where it tells none, or infinite ones. */
  function finiteBounds(column: StoredColumn | undefined): { min: string; max: string } | undefined {
    if (column?.min === undefined || column.max === undefined) return undefined;
    if (type.kind === "float" && /Infinity/.test(column.min + column.max)) return undefined;
    const [atLeast, atMost] = column.isCut ? ["≥ ", "≤ "] : ["", ""];
    return { min: atLeast + showOrEmpty(type, column.min), max: atMost + showOrEmpty(type, column.max) };
  }
}

/** Takes out of the filter what it says of a column alone; nothing where it says nothing. */
function ShowAllValues({ field }: { readonly field: Field }) {
  const { filter } = useView();
  if (conditionOf(filter, field) === "") return null;
  return (
    <p>
      <button
        type="button"
        className="quiet show-all"
        aria-label={`Show all values of ${field.name}`}
        onClick={() => navigate({ filter: setCondition(filter, field, ""), row: undefined })}
      >
        Show all values
      </button>
    </p>
  );
}

function DistinctFact({ summary }: { readonly summary: ColumnSummary | undefined }) {
  if (summary?.distinct === undefined) return <Fact title="Distinct" text={summary ? "–" : ""} />;
  const { isExact } = summary.distinct;
  // An estimate may be above what there can be.
  const count = Math.min(summary.distinct.count, summary.rowCount - summary.nullCount);
  const about = `estimated by HyperLogLog: the standard error is ${(100 * distinctError).toFixed(1)} %`;
  return isExact ? (
    <Fact title="Distinct" text={formatCount(count)} />
  ) : (
    <Fact title="Distinct" text={`≈ ${formatCount(Number(count.toPrecision(3)))}`} hint={about} />
  );
}

interface StatisticFactsProps {
  readonly type: DataType;
  readonly statistics: Statistics;
}

function StatisticFacts({ type, statistics }: StatisticFactsProps) {
  const { mean, deviation, quantiles, sampleSize } = statistics;
  const median = quantiles.find(({ percent }) => percent === 50);
  const others = quantiles.filter((quantile) => quantile !== median);
  const near = sampleSize === undefined ? "" : "≈ ";
  const hint =
    sampleSize === undefined ? undefined : `estimated from ${formatCount(sampleSize)} values, drawn at random`;
  return (
    <dl>
      <Fact title="Mean" text={mean === undefined ? "–" : showBound(type, mean)} />
      <Fact title="Std. dev." text={deviation ?? "–"} />
      {[median, ...others].map(
        (quantile) =>
          quantile && (
            <Fact
              key={quantile.percent}
              title={quantile === median ? "Median" : `${quantile.percent} %`}
              text={near + showBound(type, quantile.text)}
              hint={hint}
            />
          ),
      )}
    </dl>
  );
}

interface FactProps {
  readonly title: string;
  readonly text: string;
  /** What there is to know about the text. */
  readonly hint?: string | undefined;
}

function Fact({ title, text, hint }: FactProps) {
  return (
    <div className={widthOf(text)}>
      <dt>{title}</dt>
      <dd title={hint === undefined ? text : `${text}: ${hint}`} className={text === emptyWord ? "blank" : undefined}>
        {text}
      </dd>
    </div>
  );
}

/** How wide a fact is, by the characters that there is room for. */
function widthOf({ length }: string): string | undefined {
  if (length <= 16) return undefined;
  if (length <= 24) return "medium";
  return length <= 34 ? "long" : "longest";
}

const emptyWord = "empty";

function showOrEmpty(type: DataType, text: string): string {
  return showBound(type, text) || emptyWord;
}

/** A bound to be read; nothing until something has been seen. */
function boundWords(type: DataType, summary: ColumnSummary | undefined, bound: Bound | undefined): string {
  if (bound === undefined) return summary ? "–" : "";
  return showCut(type, bound) || emptyWord;
}
