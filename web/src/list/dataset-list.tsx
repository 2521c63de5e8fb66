import { useEffect } from "react";
import type { DatasetEntry } from "../api/dataset-entry.ts";
import { freshView, navigate, useView } from "../state/navigate.ts";
import { formatView, type Order } from "../state/view.ts";
import { formatAge, formatBytes, formatCount } from "../ui/format.ts";
import { ViewLink } from "../ui/link.tsx";
import { useWindow } from "../ui/use-window.ts";
import type { EntryKey } from "./order-entries.ts";
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
  readonly entries: readonly DatasetEntry[];
  readonly order: Order | undefined;
}

/** Datasets as a table, of which only the rows in view are drawn. */
export function DatasetList({ entries, order = { by: "name", isDescending: false } }: Props) {
  const { box, start, end } = useWindow(rowHeight, entries.length);
  useKeptScroll(box);
  const nowMs = Date.now();
  return (
    <div className="dataset-list" ref={box} tabIndex={0} role="group" aria-label="Datasets, scrollable">
      <table aria-rowcount={entries.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {headings.map((heading) => (
              <Heading key={heading.key} heading={heading} order={order} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer rowCount={start} />
          {entries.slice(start, end).map((entry, i) => (
            <tr key={entry.name} aria-rowindex={start + i + 2}>
              <td>
                <ViewLink to={freshView(entry.name)}>{entry.name}</ViewLink>
              </td>
              <td className="number">{formatCount(entry.rowCount)}</td>
              <td className="number">{formatBytes(entry.byteLength)}</td>
              <td className="number">{formatCount(entry.columnCount)}</td>
              <td title={entry.changedMs === undefined ? undefined : new Date(entry.changedMs).toISOString()}>
                {formatAge(entry.changedMs, nowMs)}
              </td>
            </tr>
          ))}
          <Spacer rowCount={entries.length - end} />
        </tbody>
      </table>
    </div>
  );
}

/** Where the list was left, and what it showed then. */
let left = { query: "", scrollTop: 0 };

/** Has the list be where it was, when somebody comes back to it. */
function useKeptScroll(box: { readonly current: HTMLElement | null }): void {
  const query = formatView(useView());
  useEffect(() => {
    const element = box.current!;
    if (left.query === query) element.scrollTop = left.scrollTop;
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
