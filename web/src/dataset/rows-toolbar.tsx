import type { Field, FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { GlanceButton } from "../columns/glances.tsx";
import { ColumnsMenu } from "../selection/columns-menu.tsx";
import { FilterBar } from "../selection/filter-bar.tsx";
import { navigate } from "../state/navigate.ts";
import { Foldable } from "../ui/foldable.tsx";
import { FormatMenu } from "./format-menu.tsx";
import { GoToRow } from "./go-to-row.tsx";
import { SavedViews } from "./saved-views.tsx";
import { SearchText } from "./search-text.tsx";

interface Props {
  readonly dataset: DatasetDescription;
  /** The columns that are shown. */
  readonly fields: readonly Field[];
  /** The id of the menu of columns. */
  readonly columnsId: string;
  readonly rowCount: number;
  /** What is wrong with the filter, or has kept it from being read. */
  readonly error: FlightError | undefined;
  /** A condition that somebody has begun elsewhere. */
  readonly draft: { readonly condition: string } | undefined;
  onGoToRow(row: number): void;
  onGoToColumn(column: number): void;
}

/** What the table of rows is worked with. */
export function RowsToolbar({ dataset, fields, columnsId, rowCount, error, draft, onGoToRow, onGoToColumn }: Props) {
  const { name, schema, hasSelections } = dataset;
  const names = fields.map((field) => field.name);
  return (
    <div className="toolbar">
      {hasSelections ? (
        <FilterBar fields={schema.fields} error={error} draft={draft} />
      ) : (
        <span className="bar-space" />
      )}
      <Foldable title="Tools">
        <GoToRow rowCount={rowCount} onGo={onGoToRow} />
        {hasSelections && <SearchText fields={fields} />}
        <FormatMenu />
        <SavedViews dataset={name} />
        <GlanceButton />
        <ColumnsMenu
          id={columnsId}
          fields={schema.fields}
          shown={names}
          onChange={(columns) => navigate({ columns })}
          onGo={(column) => onGoToColumn(names.indexOf(column))}
        />
      </Foldable>
    </div>
  );
}
