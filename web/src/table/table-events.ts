import type { DOMAttributes, KeyboardEvent, MouseEvent, RefObject } from "react";
import { isMenuButton, tendMenu } from "./column-menu.ts";
import type { DataTableProps } from "./data-table-props.ts";
import { cellAt } from "./grid-place.ts";
import type { Cursor } from "./use-cursor.ts";
import type { Selecting } from "./use-selection.ts";

interface TableEventsOptions extends Pick<DataTableProps, "fields" | "onMenu"> {
  readonly root: RefObject<HTMLElement | null>;
  readonly selecting: Selecting;
  readonly cursor: Cursor;
}

/** What a table does with keys and the pointer before HighTable, or beside it. */
export function tableEvents({ root, selecting, cursor, fields, onMenu }: TableEventsOptions): DOMAttributes<Element> {
  const pressKey = (event: KeyboardEvent): void => {
    selecting.isExtending.current = false;
    cursor.isPointer.current = false;
    if (!isMenuButton(event.target)) cursor.pressKey(event);
    else if (event.key === "Enter" || event.key === " ") tendMenu(root.current!);
  };
  const press = (event: MouseEvent): void => {
    selecting.isExtending.current = event.shiftKey;
    cursor.isPointer.current = true;
  };
  const openMenu = (event: MouseEvent): void => {
    const place = cellAt(event.target);
    const titleMenu = (event.target as Element).closest("th")?.querySelector<HTMLElement>("button[aria-haspopup=menu]");
    if (titleMenu) {
      event.preventDefault();
      return titleMenu.click();
    }
    // A link has the browser's own menu.
    if (place === undefined || place.column >= fields.length || (event.target as Element).closest("a")) return;
    event.preventDefault();
    const { left, bottom } = (event.target as Element).getBoundingClientRect();
    onMenu(place, event.clientX > 0 ? { x: event.clientX, y: event.clientY } : { x: left, y: bottom });
  };
  return {
    onMouseOver: selecting.drag,
    onMouseDown: selecting.pressRowNumber,
    onMouseDownCapture: press,
    onClickCapture: (event) => isMenuButton(event.target) && tendMenu(root.current!),
    onKeyDownCapture: pressKey,
    onContextMenu: openMenu,
  };
}
