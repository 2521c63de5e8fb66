import { useEffect, useId, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { checkFilter, type Field, type FilterMistake, type FlightError } from "hangar/flight";
import { navigate, useView } from "../state/navigate.ts";
import { showApart } from "../ui/show-apart.ts";
import { FilterChips } from "./filter-chips.tsx";
import { FilterMistakeNote } from "./filter-mistake.tsx";
import { addCondition, exampleFilter } from "./filter-text.ts";
import { useCompletion, type Offers } from "./use-completion.ts";
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

/** A mistake, and the text that has it. */
interface Refused extends Pick<FilterMistake, "message" | "start" | "end"> {
  readonly text: string;
}

/** The text of a filter, which becomes the filter of the view when it is applied. */
function useFilterText(fields: readonly Field[], draft: Props["draft"]) {
  const { filter } = useView();
  const [text, setText] = useState(filter);
  const [refused, setRefused] = useState<Refused>();
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setText(filter), [filter]);
  useEffect(() => setRefused(undefined), [filter]);
  useEffect(() => {
    if (draft === undefined) return undefined;
    setText((before) => addCondition(before, draft.condition));
    const timer = setTimeout(() => input.current?.focus(), focusDelayMs);
    return () => clearTimeout(timer);
  }, [draft]);
  return {
    input,
    text,
    refused,
    /** Sets the text alone, as when a completion is taken. */
    setText,
    type(typed: string): void {
      setText(typed);
      setRefused(undefined);
    },
    apply(): void {
      const next = text.trim();
      const mistake = next === "" ? undefined : checkFilter(next, fields);
      setRefused(mistake && { ...mistake, text: next });
      if (mistake === undefined) navigate({ filter: next, row: undefined });
      else if (mistake.start !== undefined) {
        const before = text.indexOf(next);
        input.current?.setSelectionRange(before + mistake.start, before + (mistake.end ?? mistake.start));
      }
    },
    /** Replaces the filter of the view. */
    set(next: string): void {
      navigate({ filter: next, row: undefined });
      // A button that had the focus may be gone.
      input.current?.focus();
    },
  };
}

/** Takes a filter as text. A text that is wrong is not applied: it only gets a message. */
export function FilterBar({ fields, error: anyError, draft }: Props) {
  const { filter } = useView();
  const error = isWrongFilter(anyError, filter) ? anyError : undefined;
  const { input, text, refused, setText, type, apply, set } = useFilterText(fields, draft);
  const id = useId();
  const offers = useCompletion(input, { text, fields, onText: setText });
  const submit = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    offers.close();
    apply();
  };
  const shown = refused ?? (error && refusedByServer(error, filter, fields));
  return (
    <form className="filter-bar" onSubmit={submit} role="search">
      {/* An input takes the line feeds out of values. */}
      <textarea
        ref={input}
        rows={1}
        aria-label="Filter rows"
        aria-invalid={shown !== undefined}
        aria-describedby={shown && id}
        aria-autocomplete="list"
        aria-controls={offers.items.length > 0 ? `${id}-offers` : undefined}
        aria-activedescendant={offers.active >= 0 ? offerId(`${id}-offers`, offers.active) : undefined}
        onBlur={offers.close}
        placeholder={`Filter: ${exampleFilter(fields)}`}
        spellCheck={false}
        autoCapitalize="off"
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || offers.onKeyDown(event)) return;
          if (event.key === "Enter" && !event.shiftKey) submit(event);
        }}
      />
      <OfferList id={`${id}-offers`} offers={offers} />
      <button type="submit" disabled={text.trim() === filter}>
        Filter
      </button>
      {filter !== "" && (
        <button type="button" onClick={() => set("")}>
          Clear filter
        </button>
      )}
      {shown && <FilterMistakeNote id={id} {...shown} />}
      {!error && <FilterChips filter={filter} onChange={set} />}
    </form>
  );
}

interface OfferListProps {
  readonly id: string;
  readonly offers: Offers;
}

function OfferList({ id, offers }: OfferListProps) {
  if (offers.items.length === 0) return null;
  const apart = showApart(offers.items);
  return (
    <ul id={id} className="filter-offers" role="listbox" aria-label="Completions">
      {offers.items.map((item, i) => (
        <li
          key={item}
          id={offerId(id, i)}
          role="option"
          aria-selected={i === offers.active}
          onMouseDown={(event) => {
            // The input keeps the focus.
            event.preventDefault();
            offers.pick(item);
          }}
        >
          {apart[i]}
        </li>
      ))}
    </ul>
  );
}

/** The id of one of the offers of a list. */
function offerId(id: string, i: number): string {
  return `${id}-${i}`;
}

/** The server's message about the filter of the URL, and the place, which the page finds by itself. */
function refusedByServer({ message }: FlightError, filter: string, fields: readonly Field[]): Refused {
  const mistake = checkFilter(filter, fields);
  return { text: filter, message, start: mistake?.start, end: mistake?.end };
}
