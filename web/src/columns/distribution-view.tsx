import { Fragment, type KeyboardEvent, type MouseEvent } from "react";
import type { Field } from "hangar/flight";
import { conditionOf, isFilterable, setCondition } from "../selection/filter-text.ts";
import { navigate, useView } from "../state/navigate.ts";
import { showBound, shownType } from "../table/show-cells.ts";
import { focusSoon } from "../ui/focus.ts";
import { formatCounted, formatShare } from "../ui/format.ts";
import { showApart } from "../ui/show-apart.ts";
import { barCondition, valueCondition } from "./conditions.ts";
import { showCut } from "./show-cut.ts";
import type { ColumnSummary, HistogramSummary, TopSummary } from "./summary.ts";
import "./distribution-view.css";

interface Props {
  readonly field: Field;
  readonly summary: ColumnSummary;
  /** Whether the server filters. */
  readonly hasFilter: boolean;
}

/** A histogram, or the most frequent values; a bar filters by what it stands for. */
export function DistributionView({ field, summary, hasFilter }: Props) {
  const view = useView();
  const { distribution } = summary;
  const canFilter = hasFilter && isFilterable(field);
  const set = conditionOf(view.filter, field);
  const filterBy = (condition: string | undefined): BarFilter | undefined => {
    if (!canFilter || condition === undefined) return undefined;
    const isSet = set === condition;
    const filter = setCondition(view.filter, field, isSet ? "" : condition);
    return { isSet, toggle: () => navigate({ filter, row: undefined }) };
  };
  const common = { field, summary, filterBy };
  switch (distribution.kind) {
    case "none":
      return <span className="hint">Nested values: only nulls are counted.</span>;
    case "top":
      return <TopValues {...common} distribution={distribution} />;
    case "histogram":
      return <Histogram {...common} distribution={distribution} />;
  }
}

/** A filter by what a bar stands for, in the place of what the filter says of the column. */
interface BarFilter {
  readonly isSet: boolean;
  readonly toggle: () => void;
}

interface ViewProps<T> {
  readonly field: Field;
  readonly summary: ColumnSummary;
  readonly distribution: T;
  /** What a click does that filters by a condition; undefined where nothing can be filtered by it. */
  filterBy(condition: string | undefined): BarFilter | undefined;
}

function TopValues({ field, summary, distribution, filterBy }: ViewProps<TopSummary>) {
  const { values, hasMore } = distribution;
  if (values.length === 0) return null;
  // The most frequent one occurs once, and there are more than a list would show.
  if (values[0]!.rowCount === 1 && values.length < summary.rowCount - summary.nullCount) {
    return <p className="hint">All values differ{hasMore ? ", as far as they were counted" : ""}.</p>;
  }
  const shown = values.map((value) => showCut(shownType(field), value));
  const apart = showApart(shown);
  return (
    <div className="top-values">
      <ul>
        {values.map((value, i) => {
          const click = filterBy(valueCondition(field, value));
          return (
            // The button that has the focus keeps it while the values around it change.
            <li key={value.isCut ? i : `=${value.text}`}>
              <button
                type="button"
                disabled={click === undefined}
                aria-pressed={click?.isSet}
                title={`${shown[i] || "empty"}: ${formatCounted(value.rowCount, "row")}`}
                onClick={click?.toggle}
              >
                <Share share={value.rowCount / summary.rowCount} />
                <span className={shown[i] === "" ? "blank" : "text"}>{apart[i] || "empty"}</span>
                <span className="number">{formatShare(value.rowCount, summary.rowCount)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {hasMore && <p className="hint">the most frequent of the values that came first</p>}
    </div>
  );
}

function Histogram({ field, summary, distribution, filterBy }: ViewProps<HistogramSummary>) {
  const { bars, isEach, outside } = distribution;
  const others = outsideWords(outside);
  if (bars.length === 0 && others.length === 0) return null;
  const most = Math.max(...bars.map(({ rowCount }) => rowCount));
  const show = (text: string): string => showBound(field.type, text);
  const fromOf = (i: number): string => show(i === 0 ? summary.min!.text : bars[i]!.from);
  const wordsOf = (i: number): string => {
    const to = bars[i + 1]?.from;
    const range = `${fromOf(i)} to ${to === undefined ? show(summary.max!.text) : `below ${show(to)}`}`;
    return `${isEach ? show(bars[i]!.from) : range}: ${formatCounted(bars[i]!.rowCount, "row")}`;
  };
  return (
    <div className="histogram">
      <div className="bars" role="group" aria-label={`Values of ${field.name}`} onKeyDown={moveAlong}>
        {bars.map(({ rowCount }, i) => {
          const click = rowCount > 0 ? filterBy(barCondition(field, summary, i)) : undefined;
          return (
            <button
              key={i}
              type="button"
              tabIndex={i === 0 ? 0 : -1}
              aria-disabled={click === undefined}
              aria-pressed={click?.isSet}
              aria-label={wordsOf(i)}
              onClick={(event) => click && filterByBar(event, click)}
            >
              <svg viewBox="0 0 1 100" preserveAspectRatio="none" aria-hidden="true">
                <title>{wordsOf(i)}</title>
                <rect y={100 - (100 * rowCount) / most} width="1" height={(100 * rowCount) / most} />
              </svg>
            </button>
          );
        })}
      </div>
      {bars.length > 0 && (
        <p className="edges" aria-hidden="true">
          <span>{fromOf(0)}</span>
          {bars.length > 1 && <span>{show(isEach ? bars.at(-1)!.from : summary.max!.text)}</span>}
        </p>
      )}
      {others.length > 0 && (
        <p className="hint outside">
          {others.map((words, i) => (
            <Fragment key={words}>
              {i > 0 && ", "}
              <span>{words}</span>
            </Fragment>
          ))}
        </p>
      )}
    </div>
  );
}

/** Rows that have no bar, as they have no finite number. */
function outsideWords({ nan, infinity, minusInfinity }: HistogramSummary["outside"]): string[] {
  const counts = [
    nan > 0 && `${formatCounted(nan, "row")} NaN`,
    infinity > 0 && `${formatCounted(infinity, "row")} Infinity`,
    minusInfinity > 0 && `${formatCounted(minusInfinity, "row")} -Infinity`,
  ];
  return counts.filter((words) => words !== false);
}

/**
 * Filters by a bar, after which others are drawn. Whoever has done so by a key has the focus at the button that takes it
 * back.
 */
function filterByBar({ detail, currentTarget }: MouseEvent, { toggle }: BarFilter): void {
  const item = currentTarget.closest(".column-item");
  toggle();
  if (detail === 0) focusSoon(() => item?.querySelector<HTMLElement>(".show-all"));
}

/** Arrows go from bar to bar, Home and End to the first and the last: all of them are one stop of the Tab key. */
function moveAlong(event: KeyboardEvent): void {
  const bar = event.target as HTMLElement;
  const next = {
    ArrowLeft: bar.previousElementSibling,
    ArrowRight: bar.nextElementSibling,
    Home: bar.parentElement!.firstElementChild,
    End: bar.parentElement!.lastElementChild,
  }[event.key];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  [bar.tabIndex, next.tabIndex] = [-1, 0];
  next.focus();
}

/** A bar behind a value, as long as its share of the rows. */
function Share({ share }: { readonly share: number }) {
  return (
    <svg className="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width={100 * share} height="1" />
    </svg>
  );
}
