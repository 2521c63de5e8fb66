import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import type { Field } from "hangar/flight";
import { describeDataset, type DatasetDescription } from "../api/describe-dataset.ts";
import { announce } from "../state/announce.ts";
import { useView } from "../state/navigate.ts";
import { shownType } from "../table/show-cells.ts";
import { formatCounted } from "../ui/format.ts";
import { parseFormat, type ShownZone } from "../table/value-format.ts";
import type { NestedField } from "./column-fields.ts";
import { completeFilter } from "./complete-filter.ts";
import { isFilterable, quoteValue } from "./filter-text.ts";

/** What a filter's input offers. */
export interface Offers {
  readonly items: readonly string[];
  /** The item that Enter takes; -1 for none. */
  readonly active: number;
  /** Takes a key; true if the list has used it. */
  onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): boolean;
  pick(item: string): void;
  close(): void;
}

/** Offers columns, operators and frequent values while somebody types. Nothing is offered for text that is pasted. */
export function useCompletion(
  input: RefObject<HTMLTextAreaElement | null>,
  { text, fields, onText }: { text: string; fields: readonly Field[]; onText: (text: string) => void },
): Offers {
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const caret = isOpen ? (input.current?.selectionStart ?? text.length) : 0;
  const values = useFrequent();
  const { start, items, valuesOf } = isOpen
    ? completeFilter(text.slice(0, caret), fields, values.of)
    : { start: 0, items: [], valuesOf: undefined };
  const isWanted = valuesOf !== undefined && isFilterable(valuesOf);
  useEffect(() => (isWanted ? values.load(valuesOf) : undefined), [isWanted && valuesOf.name]);
  const count = items.length;
  useEffect(() => {
    if (count > 0) announce(`${formatCounted(count, "completion")}: ↓ goes to them`);
  }, [items.join("\n")]);
  const nextCaret = useRef<number>(undefined);
  // Before the next key, which is typed at the caret.
  useLayoutEffect(() => {
    if (nextCaret.current === undefined) return;
    input.current?.setSelectionRange(nextCaret.current, nextCaret.current);
    nextCaret.current = undefined;
  }, [text]);
  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const pick = (item: string): void => {
    const end = start + item.length + 1;
    onText(`${text.slice(0, start)}${item} ${text.slice(caret).trimStart()}`);
    setActive(-1);
    nextCaret.current = end;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const { key, ctrlKey, metaKey } = event;
    if (key === "Escape" && isOpen) close();
    else if ((key === "ArrowDown" || key === "ArrowUp") && items.length > 0) {
      const step = key === "ArrowDown" ? 1 : -1;
      setActive(move(active, step, items.length));
    } else if ((key === "Enter" || key === "Tab") && items[active] !== undefined) pick(items[active]);
    else if (ctrlKey && key === " ") setOpen(true);
    else {
      if (key.length === 1 && !ctrlKey && !metaKey) setOpen(true);
      setActive(-1);
      return false;
    }
    event.preventDefault();
    return true;
  };
  return { items, active, onKeyDown, pick, close };
}

/** Walks through the items and the input itself, which is -1. */
function move(active: number, step: number, count: number): number {
  const next = active + step;
  return next >= count ? -1 : next < -1 ? count - 1 : next;
}

/** Frequent values of columns, which are read when they are first wanted. */
function useFrequent() {
  const { dataset, format } = useView();
  const { zone } = parseFormat(format);
  const keyOf = ({ name }: Field): string => `${zone} ${name}`;
  const [known, setKnown] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  const load = (field: Field): (() => void) | undefined => {
    if (known.has(keyOf(field)) || dataset === undefined) return undefined;
    const leaving = new AbortController();
    const read = async (): Promise<void> => {
      const described = await describeDataset(dataset, leaving.signal);
      const texts = await readOffered(described, field, zone, leaving.signal);
      setKnown((before) => new Map(before).set(keyOf(field), texts));
    };
    // Without values, columns and operators are still offered.
    read().catch(() => undefined);
    return () => leaving.abort();
  };
  return { load, of: (field: Field) => known.get(keyOf(field)) };
}

/** Values of a column, as a filter has them: frequent ones, but the first and the last day of timestamps. */
async function readOffered(
  dataset: DatasetDescription,
  field: Field & Partial<Pick<NestedField, "path">>,
  zone: ShownZone,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { name } = field;
  const type = shownType(field);
  if (type.kind === "timestamp") {
    const { readTimeBounds } = await import("./time-bounds.ts");
    return await readTimeBounds({ dataset, path: field.path ?? [name], type, zone }, signal);
  }
  const { readFrequentValues } = await import("./frequent-values.ts");
  const { values } = await readFrequentValues(dataset, name, signal);
  return values.map(({ text }) => quoteValue(type, text));
}
