import type { Field } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { FormatMenu } from "./format-menu.tsx";
import { SavedViews } from "./saved-views.tsx";
import { SearchText } from "./search-text.tsx";

interface Props {
  readonly dataset: DatasetDescription;
  /** The columns that are shown. */
  readonly fields: readonly Field[];
}

/** What the table of rows is worked with, beside its filter and its columns. */
export function RowsTools({ dataset, fields }: Props) {
  return (
    <>
      {dataset.hasSelections && <SearchText fields={fields} />}
      <FormatMenu />
      <SavedViews dataset={dataset.name} />
    </>
  );
}
