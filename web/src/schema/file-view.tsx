import type { Field } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { readStatistics, type StoredColumn, type FileStatistics } from "../api/read-statistics.ts";
import { useLoad } from "../state/use-load.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import { showBound, shownType } from "../table/show-cells.ts";
import { formatBytes, formatCount, formatCounted, formatShare } from "../ui/format.ts";
import { Failure, Loading } from "../ui/message.tsx";
import { findStored } from "./find-stored.ts";

/** Row groups that are listed; a file may have thousands. */
const listedGroupsMax = 200;

/** How a dataset lies in its file: codecs, sizes, bounds and row groups. */
export function FileView({ dataset }: { readonly dataset: DatasetDescription }) {
  const { name, changedMs, byteLength, schema } = dataset;
  const loaded = useLoad(JSON.stringify([name, changedMs]), (signal) => readStatistics(dataset, signal));
  const error = useReloadOf(loaded.status === "failed" ? loaded.error : undefined, dataset);
  if (loaded.status === "loading" || (loaded.status === "failed" && error === undefined))
    return <Loading what="the file's footer" />;
  if (loaded.status === "failed") return <Failure what="The file cannot be read" error={loaded.error} />;
  if (loaded.value === undefined) return <p className="hint">This server does not report how the dataset is stored.</p>;
  const { rowGroups, columns, createdBy } = loaded.value;
  return (
    <>
      <h2>File</h2>
      <p className="facts">
        {[formatBytes(byteLength), formatCounted(rowGroups.length, "row group"), createdBy && `written by ${createdBy}`]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <StoredColumns fields={schema.fields} columns={columns} />
      <h2>Row groups</h2>
      <RowGroups rowGroups={rowGroups} />
    </>
  );
}

interface StoredColumnsProps {
  readonly fields: readonly Field[];
  readonly columns: readonly StoredColumn[];
}

function StoredColumns({ fields, columns }: StoredColumnsProps) {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">Stored column</th>
          <th scope="col">Codec</th>
          <th scope="col" className="number">
            Size
          </th>
          <th scope="col" className="number">
            % of uncompressed
          </th>
          <th scope="col" className="number">
            Nulls
          </th>
          <th scope="col">Min</th>
          <th scope="col">Max</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <StoredRow key={column.path.join("\n")} fields={fields} column={column} />
        ))}
      </tbody>
    </table>
  );
}

function RowGroups({ rowGroups }: Pick<FileStatistics, "rowGroups">) {
  return (
    <>
      <table className="plain-table narrow">
        <thead>
          <tr>
            <th scope="col" className="number">
              Number
            </th>
            <th scope="col" className="number">
              Rows
            </th>
            <th scope="col" className="number">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {rowGroups.slice(0, listedGroupsMax).map((group, i) => (
            <tr key={i}>
              <td className="number">{formatCount(i + 1)}</td>
              <td className="number">{formatCount(group.rowCount)}</td>
              <td className="number">{formatBytes(group.compressedBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rowGroups.length > listedGroupsMax && (
        <p className="hint">and {formatCount(rowGroups.length - listedGroupsMax)} more</p>
      )}
    </>
  );
}

interface BoundProps {
  readonly field: Field | undefined;
  readonly text: string | undefined;
  /** What stands before a bound that is no more than near. */
  readonly before: string;
}

function Bound({ field, text, before }: BoundProps) {
  if (text === undefined) return <td className="bound">–</td>;
  const shown = field ? showBound(shownType(field), text) : text;
  return (
    <td className={shown === "" ? "bound blank" : "bound"} title={shown}>
      {shown === "" ? "empty" : before + shown}
    </td>
  );
}

interface StoredRowProps {
  readonly fields: readonly Field[];
  readonly column: StoredColumn;
}

function StoredRow({ fields, column }: StoredRowProps) {
  const { field, isRepeated } = findStored(fields, column.path);
  const { compressedBytes, plainBytes, nullCount, isCut } = column;
  return (
    <tr>
      <td>{column.path.join(".")}</td>
      <td>{column.codecs}</td>
      <td className="number">{formatBytes(compressedBytes)}</td>
      <td className="number">{formatShare(compressedBytes, Math.max(compressedBytes, plainBytes))}</td>
      <td className="number">
        {formatCount(nullCount)}
        {/* Parquet stores an empty list, and a null list, as a null of its items. */}
        {isRepeated && nullCount !== undefined && nullCount > 0 && <span className="hint"> nulls or empty lists</span>}
      </td>
      <Bound field={field} text={column.min} before={isCut ? "≥ " : ""} />
      <Bound field={field} text={column.max} before={isCut ? "≤ " : ""} />
    </tr>
  );
}
