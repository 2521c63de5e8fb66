import { Suspense, useEffect, useState, type ReactNode } from "react";
import type { Field } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { addCondition, cellConditions, isFilterable } from "../selection/filter-text.ts";
import { currentView, navigate } from "../state/navigate.ts";
import { say } from "../state/toast.ts";
import { take } from "../state/use-load.ts";
import type { CopiedCells } from "../table/copy-cells.ts";
import type { RowSource } from "../table/row-source.ts";
import type { CellPlace } from "../table/selection.ts";
import type { ValueFormat } from "../table/value-format.ts";
import { focusSoon } from "../ui/focus.ts";
import { formatCount, showName } from "../ui/format.ts";
import { lazyPart } from "../ui/lazy-part.tsx";
import type { CellAction } from "./cell-menu.tsx";

const CellMenu = lazyPart(async () => (await import("./cell-menu.tsx")).default);
const CellDetail = lazyPart(async () => (await import("./cell-detail.tsx")).default);

/** The cells that can be opened, and what they are of. */
interface CellsOptions {
  readonly dataset: DatasetDescription;
  readonly source: RowSource | undefined;
  readonly fields: readonly Field[];
  readonly format: ValueFormat;
  onCopy(cells: CopiedCells): void;
}

/** A cell that is open, or whose menu is. */
interface Cells {
  open(place: CellPlace): void;
  openMenu(place: CellPlace, at: { readonly x: number; readonly y: number }): void;
  /** The menu or the dialog, while there is one. */
  readonly element: ReactNode;
}

/** What is open of one of the rows that are shown. */
interface OpenCell {
  readonly source: RowSource;
  readonly row: number;
  readonly column: string;
  /** Where its menu is; undefined for the whole value. */
  readonly at: { readonly x: number; readonly y: number } | undefined;
}

/** Opens cells: their whole values, and their menus. */
export function useCells({ dataset, source, fields, format, onCopy }: CellsOptions): Cells {
  const [opened, setOpened] = useState<OpenCell>();
  // A cell is one of the rows that are shown.
  useEffect(() => setOpened(undefined), [source]);
  const show = ({ row, column }: CellPlace, at: OpenCell["at"]): void => {
    const field = fields[column];
    if (source && field) setOpened({ source, row, column: field.name, at });
  };
  const field = fields.find(({ name }) => name === opened?.column);
  const shown =
    opened !== undefined && field !== undefined && opened.source === source ? { ...opened, field } : undefined;
  const close = (): void => setOpened((now) => (now === opened ? undefined : now));
  const actions = (): CellAction[] => {
    if (shown === undefined) return [];
    const { source, row, field } = shown;
    const column = fields.indexOf(field);
    const bounds = { rowStart: row, rowEnd: row + 1, columnStart: column, columnEnd: column + 1 };
    const filterBy = (which: "only" | "not"): void => void filterByCell(shown, which);
    const isOffered = dataset.hasSelections && isFilterable(field);
    return [
      ...(isOffered ? [{ label: "Only these", run: () => filterBy("only") }] : []),
      ...(isOffered ? [{ label: "Not these", run: () => filterBy("not") }] : []),
      { label: "Copy", run: () => onCopy({ source, fields, bounds }) },
      { label: "Show the whole value", run: () => setOpened({ ...shown, at: undefined }) },
      { label: "Show the row", run: () => showRow(row) },
    ];
  };
  return {
    open: (place) => show(place, undefined),
    openMenu: show,
    element: shown && (
      <Suspense fallback={null}>
        {shown.at ? (
          <CellMenu
            key={`${shown.row} ${shown.column}`}
            label={`${showName(shown.column)}, row ${formatCount(shown.row + 1)}`}
            at={shown.at}
            actions={actions()}
            onClose={close}
          />
        ) : (
          <CellDetail dataset={dataset} {...shown} format={format} onClose={close} />
        )}
      </Suspense>
    ),
  };
}

/** Shows a row beside the table, and goes there, also where another one is shown already. */
function showRow(row: number): void {
  navigate({ row, isRowOpen: true });
  focusSoon(() => document.querySelector<HTMLElement>(".row-panel"));
}

/** Filters by the value of a cell, which is read whole for that. */
async function filterByCell(
  { source, row, field }: Pick<OpenCell, "source" | "row"> & { readonly field: Field },
  which: "only" | "not",
): Promise<void> {
  try {
    const { signal } = new AbortController();
    for await (const chunk of source.read({ rowStart: row, rowEnd: row + 1 }, [field.name], { signal })) {
      const condition = cellConditions(field, chunk.cells.get(field.name)!(0))[which];
      return navigate({ filter: addCondition(currentView().filter, condition), row: undefined });
    }
  } catch (reason) {
    say(take(reason).message);
  }
}
