import { useMemo } from "react";
import { splitFilter } from "hangar/flight";
import "./filter-chips.css";

interface Props {
  /** The filter that is set. */
  readonly filter: string;
  onChange(filter: string): void;
}

/** The conditions that must all be true, each of which can be removed. */
export function FilterChips({ filter, onChange }: Props) {
  const parts = useMemo(() => splitFilter(filter) ?? [], [filter]);
  if (parts.length === 0) return null;
  const without = (index: number): string =>
    parts
      .filter((_, i) => i !== index)
      .map(({ text }) => text)
      .join(" and ");
  return (
    <ul className="filter-chips" aria-label="Conditions">
      {parts.map(({ text }, i) => (
        <li key={i}>
          <code title={text}>{text}</code>
          <button
            type="button"
            className="quiet"
            aria-label={`Remove the condition ${text}`}
            onClick={() => onChange(without(i))}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
