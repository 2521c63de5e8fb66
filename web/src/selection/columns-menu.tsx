import { useId, useMemo, useRef, useState } from "react";
import type { Field } from "hangar/flight";
import { showType } from "../table/show-type.ts";
import { navigate } from "../state/navigate.ts";
import { formatCount, showName } from "../ui/format.ts";
import { columnFields } from "./column-fields.ts";
import { allColumns, firstColumnsMax, moveColumn } from "./shown-columns.ts";
import "./columns-menu.css";

/** Columns that the menu lists at once; others are found by name. */
const listedMax = 200;

interface Props {
  /** The id of the menu, by which other buttons open it; its own by default. */
  readonly id?: string | undefined;
  readonly fields: readonly Field[];
  /** Names of the columns that are shown, in their order. */
  readonly shown: readonly string[];
  onChange(columns: readonly string[]): void;
  /** Told which column is to be seen; left out where none lies out of sight. */
  onGo?(name: string): void;
}

/** The id of the button that opens a menu of columns. */
export function columnsButtonId(menuId: string): string {
  return `${menuId}-button`;
}

/** Finds columns by name, shows, hides and moves them. */
export function ColumnsMenu({ id: givenId, fields: datasetFields, shown, onChange, onGo }: Props) {
  const [search, setSearch] = useState("");
  const ownId = useId();
  const id = givenId ?? ownId;
  const fields = useMemo(() => columnFields(datasetFields), [datasetFields]);
  const menu = useRef<HTMLDivElement>(null);
  const go = (name: string): void => {
    menu.current?.hidePopover();
    onGo?.(name);
  };
  const others = fields.map(({ name }) => name).filter((name) => !shown.includes(name));
  const found = [...shown, ...others].filter((name) => name.toLowerCase().includes(search.toLowerCase()));
  const types = new Map(fields.map((field) => [field.name, showType(field)]));
  return (
    <>
      <button type="button" id={columnsButtonId(id)} popoverTarget={id}>
        Columns
      </button>
      <div id={id} ref={menu} popover="auto" className="columns-menu" role="dialog" aria-label="Columns">
        <ColumnsHead {...{ search, found, shown, onChange }} onSearch={setSearch} />
        <ul>
          {found.slice(0, listedMax).map((name) => (
            <ColumnEntry key={name} {...{ name, shown, onChange }} type={types.get(name)} onGo={onGo && go} />
          ))}
        </ul>
        {found.length === 0 && <p className="hint">No column has that in its name.</p>}
        {found.length > listedMax && <p className="hint">{found.length - listedMax} more: find them by name.</p>}
        {datasetFields.length > firstColumnsMax && (
          <p className="hint">The first {firstColumnsMax} columns are shown at first.</p>
        )}
      </div>
    </>
  );
}

interface HeadProps extends Pick<Props, "shown" | "onChange"> {
  readonly search: string;
  /** The columns whose names have what is searched for. */
  readonly found: readonly string[];
  onSearch(search: string): void;
}

function ColumnsHead({ search, found, shown, onChange, onSearch }: HeadProps) {
  return (
    <div className="columns-head">
      <input
        type="search"
        aria-label="Find a column by name"
        placeholder="Find a column"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
      />
      <button type="button" onClick={() => navigate({ columns: undefined })}>
        Reset
      </button>
      {search === "" ? (
        <button type="button" onClick={() => onChange([allColumns])}>
          Show all
        </button>
      ) : (
        found.length > 0 && (
          <>
            <button type="button" onClick={() => onChange([...new Set([...shown, ...found])])}>
              Show all {formatCount(found.length)} found
            </button>
            <button type="button" onClick={() => onChange(found)}>
              Only these
            </button>
          </>
        )
      )}
    </div>
  );
}

interface EntryProps extends Pick<Props, "shown" | "onChange"> {
  readonly name: string;
  readonly type: string | undefined;
  readonly onGo: ((name: string) => void) | undefined;
}

function ColumnEntry({ name, type, shown, onChange, onGo }: EntryProps) {
  const isShown = shown.includes(name);
  const toggle = (): void => {
    if (!isShown) onChange([...shown, name]);
    else if (shown.length > 1) onChange(shown.filter((other) => other !== name));
  };
  return (
    <li>
      <label>
        <input type="checkbox" checked={isShown} onChange={toggle} />
        <span className="name">{showName(name)}</span>
        <span className="type">{type}</span>
      </label>
      {isShown && (
        <span className="movers">
          {onGo && (
            <button type="button" className="quiet" aria-label={`Go to ${name}`} onClick={() => onGo(name)}>
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
  );
}
