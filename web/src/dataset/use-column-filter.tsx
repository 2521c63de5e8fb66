import { useState, type ReactNode } from "react";
import type { Field } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { quoteField } from "../selection/column-fields.ts";
import { ColumnFilter } from "../selection/column-filter.tsx";

/** Asks for a condition on a column. */
interface ColumnFilterState {
  open(field: Field): void;
  /** A condition to be finished in the filter's own text. */
  readonly draft: { readonly condition: string } | undefined;
  /** The dialog, while it is open. */
  readonly element: ReactNode;
}

/** Opens the dialog that filters by a column, which may leave a draft for the text of the filter. */
export function useColumnFilter(dataset: DatasetDescription): ColumnFilterState {
  const [field, setField] = useState<Field>();
  const [draft, setDraft] = useState<{ condition: string }>();
  const close = (): void => setField(undefined);
  const write = (field: Field): void => {
    close();
    setDraft({ condition: `${quoteField(field)} ` });
  };
  return {
    open: setField,
    draft,
    element: field && <ColumnFilter dataset={dataset} field={field} onClose={close} onWrite={() => write(field)} />,
  };
}
