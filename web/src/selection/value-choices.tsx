import type { Field } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { useLoad } from "../state/use-load.ts";
import { showBound, shownType } from "../table/show-cells.ts";
import { formatCounted, formatShare } from "../ui/format.ts";
import { Failure, Loading } from "../ui/message.tsx";
import { showApart } from "../ui/show-apart.ts";
import type { ColumnChoice } from "./column-condition.ts";
import { readFrequentValues } from "./frequent-values.ts";

interface Props {
  readonly dataset: DatasetDescription;
  readonly field: Field;
  readonly choice: ColumnChoice;
  onChange(change: Partial<ColumnChoice>): void;
}

/** Frequent values of a column, each with a box to check. */
export function ValueChoices({ dataset, field, choice, onChange }: Props) {
  const loaded = useLoad(`${dataset.name}\n${field.name}`, (signal) => readFrequentValues(dataset, field.name, signal));
  if (loaded.status === "loading") return <Loading what="frequent values" />;
  if (loaded.status === "failed") return <Failure what="Frequent values cannot be read" error={loaded.error} />;
  const { values, rowCount } = loaded.value;
  if (values.length === 0) return null;
  const toggle = (text: string): void => {
    const isChosen = choice.values.includes(text);
    onChange({ values: isChosen ? choice.values.filter((each) => each !== text) : [...choice.values, text] });
  };
  const apart = showApart(values.map(({ text }) => showBound(shownType(field), text)));
  const isAll = rowCount === dataset.rowCount;
  return (
    <fieldset>
      <legend>One of {isAll ? "" : `(frequent in ${formatCounted(rowCount, "row")})`}</legend>
      <ul>
        {values.map(({ text, rowCount: count }, i) => (
          <li key={text}>
            <label className="check" title={showBound(shownType(field), text)}>
              <input type="checkbox" checked={choice.values.includes(text)} onChange={() => toggle(text)} />
              <span className={text === "" ? "blank" : "value"}>{text === "" ? "empty" : apart[i]}</span>
              <span className="value-share">{formatShare(count, rowCount)}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
