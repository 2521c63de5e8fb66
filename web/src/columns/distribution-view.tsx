import type { Field } from "hangar/flight";
import { addCondition, quoteColumn, quoteValue } from "../dataset/filter-text.ts";
import { navigate, useView } from "../state/store.ts";
import { formatCounted, formatShare } from "../ui/format.ts";
import type { ColumnSummary } from "./summarise.ts";

interface Props {
  readonly field: Field;
  readonly summary: ColumnSummary;
  readonly hasFilter: boolean;
}

/** A histogram, or the most frequent values; a bar filters by what it stands for. */
export function DistributionView({ field, summary, hasFilter }: Props) {
  const view = useView();
  const { distribution } = summary;
  const name = quoteColumn(field.name);
  const filterBy = (condition: string): void =>
    navigate({ tab: "rows", filter: addCondition(view.filter, condition), row: undefined });
  const value = (text: string): string => quoteValue(field.type, text);

  if (distribution.kind === "none") return <span className="hint">–</span>;
  if (distribution.kind === "top") {
    return (
      <ul className="top-values">
        {distribution.values.map(({ text, rowCount }) => (
          <li key={text}>
            <button
              type="button"
              disabled={!hasFilter}
              title={`${text}: ${formatCounted(rowCount, "row")}`}
              onClick={() => filterBy(`${name} = ${value(text)}`)}
            >
              <Share share={rowCount / summary.rowCount} />
              <span className={text === "" ? "blank" : "text"}>{text === "" ? "empty" : text}</span>
              <span className="number">{formatShare(rowCount, summary.rowCount)}</span>
            </button>
          </li>
        ))}
        {distribution.isPart && <li className="hint">and others</li>}
      </ul>
    );
  }
  const { counts, edges } = distribution;
  const most = Math.max(...counts);
  return (
    <div className="histogram">
      {counts.map((rowCount, i) => {
        const [from, to] = [edges[i]!, edges[i + 1]!];
        const isLast = i === counts.length - 1;
        const condition = `${name} >= ${value(from)} and ${name} ${isLast ? "<=" : "<"} ${value(to)}`;
        return (
          <button
            key={i}
            type="button"
            disabled={!hasFilter || rowCount === 0}
            title={`${from} to ${to}: ${formatCounted(rowCount, "row")}`}
            aria-label={`${field.name} ${from} to ${to}: ${formatCounted(rowCount, "row")}`}
            onClick={() => filterBy(condition)}
          >
            <svg viewBox="0 0 1 100" preserveAspectRatio="none" aria-hidden="true">
              <rect y={100 - (100 * rowCount) / most} width="1" height={(100 * rowCount) / most} />
            </svg>
          </button>
        );
      })}
    </div>
  );
}

/** A bar behind a value, as long as its share of the rows. */
function Share({ share }: { readonly share: number }) {
  return (
    <svg className="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width={100 * share} height="1" />
    </svg>
  );
}
