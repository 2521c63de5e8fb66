import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import type { Field, FlightError } from "hangar/flight";
import { navigate, useView } from "../state/store.ts";
import { exampleFilter } from "./filter-text.ts";

interface Props {
  /** What there is to filter by. */
  readonly fields: readonly Field[];
  /** What the server says of the filter that is set. */
  readonly error: FlightError | undefined;
  /** What somebody has begun elsewhere, to be finished here. */
  readonly draft: { readonly text: string } | undefined;
}

/** A menu that closes gives the focus back to where it was; after that it can be taken. In milliseconds. */
const focusDelayMs = 100;

/** Takes the server's filter in its text form. */
export function FilterBar({ fields, error, draft }: Props) {
  const { filter } = useView();
  const [text, setText] = useState(filter);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => setText(filter), [filter]);
  useEffect(() => {
    if (draft === undefined) return undefined;
    setText(draft.text);
    const timer = setTimeout(() => input.current?.focus(), focusDelayMs);
    return () => clearTimeout(timer);
  }, [draft]);
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    navigate({ filter: text.trim(), row: undefined });
  };
  return (
    <form className="filter-bar" onSubmit={apply} role="search">
      <input
        ref={input}
        aria-label="Filter rows"
        aria-invalid={error !== undefined}
        aria-describedby={error && id}
        placeholder={`Filter: ${exampleFilter(fields)}`}
        spellCheck={false}
        autoCapitalize="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" disabled={text.trim() === filter}>
        Filter
      </button>
      {filter !== "" && (
        <button type="button" onClick={() => navigate({ filter: "", row: undefined })}>
          All rows
        </button>
      )}
      {error && (
        <p id={id} className="filter-error" role="alert">
          {error.message}
        </p>
      )}
    </form>
  );
}
