import { useEffect, useId, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import type { Field, FlightError } from "hangar/flight";
import { navigate, useView } from "../state/navigate.ts";
import { addCondition, exampleFilter } from "./filter-text.ts";
import "./filter-bar.css";

interface Props {
  /** What there is to filter by. */
  readonly fields: readonly Field[];
  /** What reading rows has come to; what is wrong with the filter is said here. */
  readonly error: FlightError | undefined;
  /** A condition that somebody has begun elsewhere, to be finished here. */
  readonly draft: { readonly condition: string } | undefined;
}

/** A menu that closes gives the focus back to where it was; after that it can be taken. In milliseconds. */
const focusDelayMs = 100;

/** Whether an error is one of the filter that is set, and none of the server or its data; pure. */
export function isWrongFilter(error: FlightError | undefined, filter: string): boolean {
  return filter !== "" && error?.code === "invalid_argument";
}

/** Takes the server's filter in its text form. */
export function FilterBar({ fields, error: anyError, draft }: Props) {
  const { filter } = useView();
  const error = isWrongFilter(anyError, filter) ? anyError : undefined;
  const [text, setText] = useState(filter);
  const input = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => setText(filter), [filter]);
  useEffect(() => {
    if (draft === undefined) return undefined;
    setText((before) => addCondition(before, draft.condition));
    const timer = setTimeout(() => input.current?.focus(), focusDelayMs);
    return () => clearTimeout(timer);
  }, [draft]);
  const apply = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    navigate({ filter: text.trim(), row: undefined });
  };
  const showAll = (): void => {
    navigate({ filter: "", row: undefined });
    // The button that had the focus is gone.
    input.current?.focus();
  };
  return (
    <form className="filter-bar" onSubmit={apply} role="search">
      {/* An input takes the line feeds out of values. */}
      <textarea
        ref={input}
        rows={1}
        aria-label="Filter rows"
        aria-invalid={error !== undefined}
        aria-describedby={error && id}
        placeholder={`Filter: ${exampleFilter(fields)}`}
        spellCheck={false}
        autoCapitalize="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) =>
          event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing && apply(event)
        }
      />
      <button type="submit" disabled={text.trim() === filter}>
        Filter
      </button>
      {filter !== "" && (
        <button type="button" onClick={showAll}>
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
