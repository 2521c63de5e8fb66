import { readStored, writeStored } from "../ui/stored.ts";

/** A view that somebody has given a name: the query of its URL. */
export interface SavedView {
  readonly name: string;
  readonly query: string;
}

/** Views that are kept for a dataset; the oldest are forgotten. */
const savedMax = 50;

function keyOf(dataset: string): string {
  return `hangar-views ${dataset}`;
}

/** The views of a dataset that this browser keeps, in the order of their names. */
export function readSavedViews(dataset: string): readonly SavedView[] {
  try {
    const saved = JSON.parse(readStored(keyOf(dataset)) ?? "[]") as readonly SavedView[];
    return saved.filter(({ name, query }) => typeof name === "string" && typeof query === "string");
  } catch {
    return [];
  }
}

/** Keeps a view under a name, in the place of one that has it. */
export function saveView(dataset: string, view: SavedView): void {
  const others = readSavedViews(dataset).filter(({ name }) => name !== view.name);
  writeStored(keyOf(dataset), JSON.stringify([...others, view].slice(-savedMax)));
}

/** Forgets the view of a name. */
export function forgetView(dataset: string, name: string): void {
  const others = readSavedViews(dataset).filter((view) => view.name !== name);
  writeStored(keyOf(dataset), JSON.stringify(others));
}
