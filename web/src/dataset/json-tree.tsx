import { useState } from "react";
import { formatCounted } from "../ui/format.ts";

/** Items of one value that are shown at once; more come when they are asked for. */
const itemsMax = 100;

interface Props {
  /** A value of JSON. */
  readonly value: unknown;
  /** What it is called where it stands: a field's name, or its place in a list. */
  readonly name: string;
  /** What the tree is of, for those who hear it: the name of its field stands elsewhere. */
  readonly label?: string;
  readonly isOpen: boolean;
}

/** A nested value as a tree, each branch of which opens and closes. */
export function JsonTree({ value, name, label, isOpen }: Props) {
  const [shownCount, setShownCount] = useState(itemsMax);
  if (value === null || typeof value !== "object") return <Leaf name={name} value={value} />;
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = formatCounted(entries.length, isList ? "item" : "field");
  return (
    <details className="json-tree" open={isOpen}>
      <summary>
        {label !== undefined && <span className="unseen">{label}: </span>}
        {name !== "" && <span className="name">{name}</span>} <span className="hint">{size}</span>
      </summary>
      <ul>
        {entries.slice(0, shownCount).map(([key, item]) => (
          <li key={key}>
            <JsonTree value={item} name={isList ? `${Number(key) + 1}.` : key} isOpen={entries.length <= 10} />
          </li>
        ))}
      </ul>
      {entries.length > shownCount && (
        <button type="button" className="quiet" onClick={() => setShownCount(shownCount + itemsMax)}>
          {formatCounted(entries.length - shownCount, "more item")}
        </button>
      )}
    </details>
  );
}

function Leaf({ name, value }: { readonly name: string; readonly value: unknown }) {
  const className = value === null ? "null" : value === "" ? "blank" : "";
  return (
    <span className="json-leaf">
      <span className="name">{name}</span>{" "}
      <span className={className}>
        {value === null ? "null" : value === "" ? "empty" : typeof value === "string" ? value : JSON.stringify(value)}
      </span>
    </span>
  );
}
