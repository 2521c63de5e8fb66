import { useEffect } from "react";
import { navigate, useView } from "../state/navigate.ts";
import { formatView, type Order } from "../state/view.ts";
import { formatAge, formatBytes, formatCount, formatCounted } from "../ui/format.ts";
import { ViewLink } from "../ui/link.tsx";
import { useWindow } from "../ui/use-window.ts";
import type { ListRow } from "./list-rows.ts";
import { setOpen } from "./open-folders.ts";
import type { EntryKey } from "./order-entries.ts";
import { useRowKeys } from "./use-row-keys.ts";
import { viewOf } from "./view-of.ts";
import "./dataset-list.css";

const rowHeight = 34;

const headings: readonly { readonly key: EntryKey; readonly title: string; readonly isNumber: boolean }[] = [
  { key: "name", title: "Name", isNumber: false },
  { key: "rowCount", title: "Rows", isNumber: true },
  { key: "byteLength", title: "Size", isNumber: true },
  { key: "columnCount", title: "Columns", isNumber: true },
  { key: "changedMs", title: "Changed", isNumber: false },
];

interface Props {
  readonly rows: readonly ListRow[];
  readonly order: Order | undefined;
}

/**
 * Datasets and folders as a table, of which only the rows in view are drawn. It is one tab stop: a row that is out of
 * view cannot have the focus, so the table has it and names its active row.
 */
export function DatasetList({ rows, order = { by: "name", isDescending: false } }: Props) {
  const { box, start, end } = useWindow(rowHeight, rows.length);
  useKeptScroll(box);
  const { active, setActiveKey, onKeyDown } = useRowKeys(rows, { box, rowHeight });
  const hasFolders = rows.some(({ kind }) => kind === "folder");
  const isDrawn = active !== undefined && active >= start && active < end;
  return (
    <div className="dataset-list" ref={box}>
      <table
        role="treegrid"
        aria-label="Datasets"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={isDrawn ? idOf(active) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={({ target, currentTarget }) => {
          if (target === currentTarget && active === undefined) setActiveKey(rows[start === 0 ? 0 : start + 1]?.key);
        }}
      >
        <thead>
          <tr aria-rowindex={1}>
            {headings.map((heading) => (
              <Heading key={heading.key} heading={heading} order={order} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer rowCount={start} />
          {rows.slice(start, end).map((row, i) => (
            <Row
              key={row.key}
              row={row}
              index={start + i}
              isActive={start + i === active}
              hasFolders={hasFolders}
              onPress={() => setActiveKey(row.key)}
            />
          ))}
          <Spacer rowCount={rows.length - end} />
        </tbody>
      </table>
    </div>
  );
}

function idOf(index: number): string {
  return `dataset-row-${index}`;
}

interface RowProps {
  readonly row: ListRow;
  readonly index: number;
  readonly isActive: boolean;
  /** Whether there are folders in the list, so that names stand beside their arrows. */
  readonly hasFolders: boolean;
  onPress(): void;
}

function Row({ row, index, isActive, hasFolders, onPress }: RowProps) {
  const { entry, level } = row;
  return (
    <tr
      id={idOf(index)}
      aria-rowindex={index + 2}
      aria-level={level}
      aria-expanded={row.kind === "folder" ? row.isOpen : undefined}
      className={isActive ? "active" : undefined}
      onMouseDown={onPress}
    >
      <td>
        <div className="list-name" style={hasFolders ? { paddingLeft: 18 * (level - 1) } : {}}>
          {row.kind === "folder" ? <Twisty row={row} /> : hasFolders && <span className="twisty" />}
          <ViewLink to={viewOf(row)} title={entry.name} tabIndex={-1}>
            {row.label}
            {row.kind === "folder" && "/"}
          </ViewLink>
          {row.kind === "folder" && <span className="hint">{formatCounted(row.entry.datasetCount, "dataset")}</span>}
        </div>
      </td>
      <td className="number">{formatCount(entry.rowCount)}</td>
      <td className="number">{formatBytes(entry.byteLength)}</td>
      <td className="number">{row.kind === "dataset" && formatCount(entry.columnCount)}</td>
      <td title={entry.changedMs === undefined ? undefined : new Date(entry.changedMs).toISOString()}>
        {formatAge(entry.changedMs, Date.now())}
      </td>
    </tr>
  );
}

/** Opens and closes a folder by the pointer. The keys are those of the table. */
function Twisty({ row }: { readonly row: ListRow & { readonly kind: "folder" } }) {
  return (
    <button
      type="button"
      className="twisty"
      tabIndex={-1}
      aria-label={`${row.isOpen ? "Close" : "Open"} the folder ${row.entry.name}`}
      onClick={() => setOpen(row.entry, !row.isOpen)}
    >
      <span aria-hidden="true">{row.isOpen ? "▾" : "▸"}</span>
    </button>
  );
}

/** Where the list was left, and what it showed then. */
let left = { query: "", scrollTop: 0 };

/** Has the list be where it was, when somebody comes back to it. */
function useKeptScroll(box: { readonly current: HTMLElement | null }): void {
  const query = formatView(useView());
  useEffect(() => {
    const element = box.current!;
    element.scrollTop = left.query === query ? left.scrollTop : 0;
    const keep = (): void => void (left = { query, scrollTop: element.scrollTop });
    element.addEventListener("scroll", keep, { passive: true });
    return () => element.removeEventListener("scroll", keep);
  }, [query]);
}

interface HeadingProps {
  readonly heading: (typeof headings)[number];
  readonly order: Order;
}

/** A column's title, which orders by it: numbers and times the largest first, as they are looked for. */
function Heading({ heading: { key, title, isNumber }, order }: HeadingProps) {
  const isOrdered = order.by === key;
  const isDescending = isOrdered ? !order.isDescending : key !== "name";
  const direction = order.isDescending ? "descending" : "ascending";
  return (
    <th scope="col" className={isNumber ? "number" : ""} aria-sort={isOrdered ? direction : "none"}>
      <button type="button" className="heading" onClick={() => navigate({ order: { by: key, isDescending } })}>
        {title}
        <span aria-hidden="true">{isOrdered ? (order.isDescending ? "↓" : "↑") : ""}</span>
      </button>
    </th>
  );
}

/** Takes the place of rows that are not drawn. */
function Spacer({ rowCount }: { readonly rowCount: number }) {
  return rowCount === 0 ? null : <tr aria-hidden="true" style={{ height: rowCount * rowHeight }} />;
}
