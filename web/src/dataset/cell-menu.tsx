import { useEffect, useRef, type KeyboardEvent } from "react";
import { isFocusLost } from "../ui/focus.ts";
import { findByLetter } from "../ui/find-by-letter.ts";
import { placeInWindow } from "../ui/place-in-window.ts";
import "./cell-menu.css";

/** Something that can be done with a cell. */
export interface CellAction {
  readonly label: string;
  run(): void;
}

interface Props {
  /** What the menu is of. */
  readonly label: string;
  /** Where it opens, in pixels of the window. */
  readonly at: { readonly x: number; readonly y: number };
  readonly actions: readonly CellAction[];
  onClose(): void;
}

/** The menu of a cell, which arrow keys walk and Escape closes. */
export default function CellMenu({ label, at, actions, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = menu.current!;
    const before = document.activeElement;
    element.style.left = `${Math.min(at.x, innerWidth - element.offsetWidth - 8)}px`;
    element.showPopover();
    placeInWindow(element, at);
    element.querySelector("button")?.focus();
    return () => {
      // An action may have moved the focus on.
      if (isFocusLost() && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const walk = (event: KeyboardEvent): void => {
    const items = [...menu.current!.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    const next = to === undefined ? findByLetter(items, event) : items.at(to % items.length);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      aria-label={label}
      className="cell-menu"
      onKeyDown={walk}
      onToggle={(event) => event.newState === "closed" && onClose()}
    >
      {actions.map(({ label, run }) => (
        <button
          key={label}
          type="button"
          role="menuitem"
          className="quiet"
          onClick={() => {
            menu.current?.hidePopover();
            run();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
