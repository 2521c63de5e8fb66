import { useState, type FormEvent } from "react";
import { checkFilter, type Field } from "hangar/flight";
import { showType } from "../table/show-type.ts";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { navigate, useView } from "../state/navigate.ts";
import { parseFormat } from "../table/value-format.ts";
import { Dialog } from "../ui/dialog.tsx";
import { columnCondition, isReversed, noChoice, widgetOf, type ColumnChoice } from "./column-condition.ts";
import { conditionOf, setCondition } from "./filter-text.ts";
import { RangeInputs } from "./range-inputs.tsx";
import { ValueChoices } from "./value-choices.tsx";
import "./column-filter-dialog.css";

interface Props {
  readonly dataset: DatasetDescription;
  readonly field: Field;
  onClose(): void;
  /** A condition is to be written by hand. */
  onWrite(): void;
}

/** Asks for the values of one column, by what its type has, and filters by the answer. */
export default function ColumnFilterDialog({ dataset, field, onClose, onWrite }: Props) {
  const { filter, format } = useView();
  const { zone } = parseFormat(format);
  const [choice, setChoice] = useState(noChoice);
  const [problem, setProblem] = useState<string>();
  const widget = widgetOf(field);
  const present = conditionOf(filter, field);
  const change = (part: Partial<ColumnChoice>): void => {
    setChoice({ ...choice, ...part });
    setProblem(undefined);
  };
  const set = (condition: string): void => {
    onClose();
    navigate({ filter: setCondition(filter, field, condition), row: undefined });
  };
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    if (isReversed(field, choice)) return setProblem("From is greater than To, so no row would be left");
    const condition = columnCondition(field, choice, zone);
    const mistake = condition === "" ? undefined : checkFilter(condition, dataset.schema.fields);
    if (mistake) setProblem(mistake.problem);
    else set(condition);
  };
  return (
    <Dialog
      title={`Filter by ${field.name}`}
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="button" onClick={onWrite}>
            Write a condition
          </button>
          {present !== "" && (
            <button type="button" onClick={() => set("")}>
              Clear
            </button>
          )}
          <button type="submit" form="column-filter" className="primary">
            Filter
          </button>
        </>
      }
    >
      <form id="column-filter" className="column-filter" onSubmit={apply}>
        <p className="type">{showType(field)}</p>
        {present !== "" && (
          <p className="hint">
            In the place of <code>{present}</code>
          </p>
        )}
        {widget === "range" && <RangeInputs type={field.type} zone={zone} choice={choice} onChange={change} />}
        {widget === "text" && <PartInput choice={choice} onChange={change} />}
        {(widget === "text" || widget === "values") && (
          <ValueChoices dataset={dataset} field={field} choice={choice} onChange={change} />
        )}
        <NullsChoice isOnly={widget === "nulls"} choice={choice} onChange={change} />
        {problem && (
          <p className="filter-error" role="alert">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  );
}

interface PartProps {
  readonly choice: ColumnChoice;
  onChange(change: Partial<ColumnChoice>): void;
}

function NullsChoice({ isOnly, choice, onChange }: PartProps & { readonly isOnly: boolean }) {
  return (
    <label className="nulls">
      Nulls
      <select
        value={choice.nulls}
        onChange={(event) => onChange({ nulls: event.target.value as ColumnChoice["nulls"] })}
      >
        {!isOnly && <option value="out">leave out</option>}
        {isOnly && <option value="out">as they are</option>}
        {!isOnly && <option value="also">include</option>}
        <option value="only">only nulls</option>
        <option value="none">no nulls</option>
      </select>
    </label>
  );
}

function PartInput({ choice, onChange }: PartProps) {
  return (
    <div className="part">
      <label>
        Contains
        <input type="text" autoFocus value={choice.part} onChange={(event) => onChange({ part: event.target.value })} />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={choice.isCaseSensitive}
          onChange={(event) => onChange({ isCaseSensitive: event.target.checked })}
        />
        Match case
      </label>
    </div>
  );
}
