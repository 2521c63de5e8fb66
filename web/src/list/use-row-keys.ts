import { useState, type KeyboardEvent, type RefObject } from "react";
import { navigate } from "../state/navigate.ts";
import { parentIndex, type ListRow } from "./list-rows.ts";
import { setOpen } from "./open-folders.ts";
import { viewOf } from "./view-of.ts";

/** Rows that Page Up and Page Down go, where the height is not known. */
const pageRowCount = 20;

/** What the keys of a list need to know. */
interface RowKeysOptions {
  readonly box: RefObject<HTMLElement | null>;
  /** In pixels. */
  readonly rowHeight: number;
}

/**
 * The keys of a list, as the ARIA pattern "treegrid" has them: up and down, Home and End, Page Up and Page Down go
 * along, right and left open and close folders, and Enter follows a row.
 */
export function useRowKeys(rows: readonly ListRow[], { box, rowHeight }: RowKeysOptions) {
  const [activeKey, setActiveKey] = useState<string>();
  const found = rows.findIndex(({ key }) => key === activeKey);
  const active = found < 0 ? undefined : found;
  const go = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActiveKey(rows[next]?.key);
    if (box.current) scrollToRow(box.current, next, rowHeight);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && event.target === event.currentTarget;
    if (!isPlain || rows.length === 0) return;
    if (actOn(event.key, { rows, active, go, page: pageOf(box.current, rowHeight) })) event.preventDefault();
  };
  return { active, setActiveKey, onKeyDown };
}

interface KeyState {
  readonly rows: readonly ListRow[];
  readonly active: number | undefined;
  readonly page: number;
  go(index: number): void;
}

/** Does what a key says. Returns whether it says anything. */
function actOn(key: string, { rows, active = -1, page, go }: KeyState): boolean {
  const row = rows[active];
  switch (key) {
    case "ArrowDown":
      go(active + 1);
      return true;
    case "ArrowUp":
      go(active - 1);
      return true;
    case "PageDown":
      go(active + page);
      return true;
    case "PageUp":
      go(active - page);
      return true;
    case "Home":
      go(0);
      return true;
    case "End":
      go(rows.length - 1);
      return true;
    case "ArrowRight":
      if (row?.kind !== "folder") return false;
      if (row.isOpen) go(active + 1);
      else setOpen(row.entry, true);
      return true;
    case "ArrowLeft":
      if (row?.kind === "folder" && row.isOpen) setOpen(row.entry, false);
      else if (row !== undefined && row.level > 1) go(parentIndex(rows, active));
      return row !== undefined;
    case "Enter":
      if (row !== undefined) navigate(viewOf(row));
      return row !== undefined;
    default:
      return false;
  }
}

function pageOf(box: HTMLElement | null, rowHeight: number): number {
  return box === null ? pageRowCount : Math.max(1, Math.floor(box.clientHeight / rowHeight) - 2);
}

/** Scrolls as little as brings a row into view, below the titles, which have the height of a row. */
function scrollToRow(box: HTMLElement, index: number, rowHeight: number): void {
  const top = index * rowHeight;
  const bottom = top + 2 * rowHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}
