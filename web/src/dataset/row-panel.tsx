import { useEffect, useRef } from "react";
import type { Field } from "hangar/flight";
import { showType } from "../table/show-type.ts";
import { useLoad } from "../state/use-load.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import { isLink, Link } from "../table/cell-text.tsx";
import { isBinary, isNested, shownType } from "../table/show-cells.ts";
import type { ValueFormat } from "../table/value-format.ts";
import { focusHome } from "../ui/focus.ts";
import { formatCount, showName } from "../ui/format.ts";
import { Failure, Loading } from "../ui/message.tsx";
import { explainValue } from "./explain-value.ts";
import { JsonTree } from "./json-tree.tsx";
import { parseExact } from "./parse-exact.ts";
import { isShownImage, ValueImage } from "./value-image.tsx";
import { readRow, type RowPlace } from "./read-row.ts";
import "./row-panel.css";

/** Characters of a value that the panel shows. */
const shownCharsMax = 2000;

interface Props extends RowPlace {
  readonly format: ValueFormat;
  readonly rowCount: number;
  /** Another row is to be shown. */
  onRow(row: number): void;
  onClose(): void;
}

/** All values of one row, below each other: nested ones as trees, links to follow, images to see. */
export default function RowPanel({ format, rowCount, onRow, onClose, ...place }: Props) {
  const { dataset, fields, source, row } = place;
  const panel = useRef<HTMLElement>(null);
  const sourceKey = useKeyOf(source);
  const key = JSON.stringify([row, sourceKey, fields.map(({ name }) => name)]);
  const loaded = useLoad(key, (signal) => readRow(place, signal));
  const error = useReloadOf(loaded.status === "failed" ? loaded.error : undefined, dataset);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  return (
    <aside ref={panel} className="row-panel" {...focusHome} aria-label={`Row ${formatCount(row + 1)}`}>
      <header>
        <h2>Row {formatCount(row + 1)}</h2>
        <button
          type="button"
          className="quiet"
          aria-label="Previous row"
          disabled={row === 0}
          onClick={() => onRow(row - 1)}
        >
          ↑
        </button>
        <button
          type="button"
          className="quiet"
          aria-label="Next row"
          disabled={row + 1 >= rowCount}
          onClick={() => onRow(row + 1)}
        >
          ↓
        </button>
        <button type="button" className="quiet" aria-label="Close the row" onClick={onClose}>
          ×
        </button>
      </header>
      {loaded.status === "loading" && <Loading what="the row" />}
      {error && <Failure what="The row cannot be read" error={error} />}
      {loaded.status === "ready" && (
        <dl>
          {fields.map((field) => (
            <div key={field.name}>
              <dt>
                <span className="name">{showName(field.name)}</span> <span className="type">{showType(field)}</span>
              </dt>
              <dd>
                <Value field={field} value={loaded.value.get(field.name) ?? null} format={format} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </aside>
  );
}

/** A number for each object, so that a key can say which it is. */
function useKeyOf(object: object): number {
  const seen = useRef({ object, count: 0 });
  if (seen.current.object !== object) seen.current = { object, count: seen.current.count + 1 };
  return seen.current.count;
}

interface ValueProps {
  readonly field: Field;
  readonly value: string | null;
  readonly format: ValueFormat;
}

function Value({ field, value, format }: ValueProps) {
  if (value === null) return <span className="null">null</span>;
  if (value === "") return <span className="blank">empty</span>;
  const type = shownType(field);
  if (isNested(type)) return <JsonTree value={parseExact(value)} name="" label={showName(field.name)} isOpen />;
  const { length } = value;
  if (isLink(value)) return <Link url={value} isStop />;
  const { text, note } = explainValue(type, value, { charsMax: shownCharsMax, format });
  return (
    <>
      {isBinary(type) && isShownImage(value) ? (
        <ValueImage base64={value} alt={showName(field.name)} />
      ) : (
        <span className="text">{text}</span>
      )}
      {text.length >= shownCharsMax && <span className="hint"> … {formatCount(length)} characters</span>}
      {note && <span className="hint"> {note}</span>}
    </>
  );
}
