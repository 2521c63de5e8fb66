import { useId, useRef, useState } from "react";
import { formatType, type Field } from "hangar/flight";
import { navigate } from "../state/navigate.ts";
import { firstColumnsMax, moveColumn } from "./shown-columns.ts";
import "./columns-menu.css";

/** Columns that the menu lists at once; others are found by name. */
const listedMax = 200;

interface Props {
  readonly fields: readonly Field[];
  /** Names of the columns that are shown, in their order. */
  readonly shown: readonly string[];
  onChange(columns: readonly string[]): void;
  /** Told which column is to be seen; left out where none lies out of sight. */
  onGo?(name: string): void;
}

/** Finds columns by name, shows, hides and moves them. */
export function ColumnsMenu({ fields, shown, onChange, onGo }: Props) {
  const [search, setSearch] = useState("");
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const go = (name: string): void => {
    menu.current?.hidePopover();
    onGo?.(name);
  };
  const others = fields.map(({ name }) => name).filter((name) => !shown.includes(name));
  const found = [...shown, ...others].filter((name) => name.toLowerCase().includes(search.toLowerCase()));
  const types = new Map(fields.map((field) => [field.name, formatType(field)]));
  const toggle = (name: string): void => {
    if (!shown.includes(name)) onChange([...shown, name]);
    else if (shown.length > 1) onChange(shown.filter((other) => other !== name));
  };
  return (
    <>
      <button type="button" popoverTarget={id}>
        Columns
      </button>
      <div id={id} ref={menu} popover="auto" className="columns-menu" role="dialog" aria-label="Columns">
        <div className="columns-head">
          <input
            type="search"
            aria-label="Find a column by name"
            placeholder="Find a column"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <button type="button" onClick={() => navigate({ columns: undefined })}>
            Reset
          </button>
        </div>
        <ul>
          {found.slice(0, listedMax).map((name) => (
            <li key={name}>
              <label>
                <input type="checkbox" checked={shown.includes(name)} onChange={() => toggle(name)} />
                <span className="name">{name}</span>
                <span className="type">{types.get(name)}</span>
              </label>
              {shown.includes(name) && (
                <span className="movers">
                  {onGo && (
                    <button type="button" className="quiet" aria-label={`Go to ${name}`} onClick={() => go(name)}>
                      →
                    </button>
                  )}
                  {([-1, 1] as const).map((by) => (
                    <button
                      key={by}
                      type="button"
                      className="quiet"
                      aria-label={`Move ${name} to the ${by < 0 ? "left" : "right"}`}
                      disabled={shown.at(by < 0 ? 0 : -1) === name}
                      onClick={() => onChange(moveColumn(shown, name, by))}
                    >
                      {by < 0 ? "↑" : "↓"}
                    </button>
                  ))}
                </span>
              )}
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="hint">No column has that in its name.</p>}
        {found.length > listedMax && <p className="hint">{found.length - listedMax} more: find them by name.</p>}
        {fields.length > firstColumnsMax && (
          <p className="hint">The first {firstColumnsMax} columns are shown at first.</p>
        )}
      </div>
    </>
  );
}
