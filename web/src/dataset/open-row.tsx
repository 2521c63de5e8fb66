import { Suspense } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { announce } from "../state/announce.ts";
import { navigate, useView } from "../state/navigate.ts";
import type { RowSource } from "../table/row-source.ts";
import type { ValueFormat } from "../table/value-format.ts";
import type { Field } from "hangar/flight";
import { formatCount } from "../ui/format.ts";
import { lazyPart } from "../ui/lazy-part.tsx";

const RowPanel = lazyPart(async () => (await import("./row-panel.tsx")).default);

interface Props {
  readonly dataset: DatasetDescription;
  readonly source: RowSource;
  /** The columns that are shown: all that there are where the server does not select any. */
  readonly fields: readonly Field[];
  readonly format: ValueFormat;
  onClose(): void;
}

/** The row that is looked at, with all its columns; nothing where none is open. */
export function OpenRow({ dataset, source, fields, format, onClose }: Props) {
  const view = useView();
  if (!view.isRowOpen || source.rowCount === 0) return null;
  const show = (row: number): void => {
    navigate({ row });
    announce(`Row ${formatCount(row + 1)}`);
  };
  return (
    <Suspense fallback={null}>
      <RowPanel
        dataset={dataset}
        source={source}
        filter={dataset.hasSelections ? view.filter : ""}
        fields={dataset.hasSelections ? dataset.schema.fields : fields}
        row={Math.min(view.row ?? 0, source.rowCount - 1)}
        rowCount={source.rowCount}
        format={format}
        onRow={show}
        onClose={onClose}
      />
    </Suspense>
  );
}
