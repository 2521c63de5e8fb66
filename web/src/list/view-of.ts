import { currentView, freshView } from "../state/navigate.ts";
import type { View } from "../state/view.ts";
import type { ListRow } from "./list-rows.ts";

/** The view that a row leads to: of its dataset, or of the list within its folder. */
export function viewOf({ kind, entry }: Pick<ListRow, "kind" | "entry">): View {
  return kind === "dataset" ? freshView(entry.name) : folderView(entry.name);
}

/** The list within a folder, in the order that it has now. */
export function folderView(folder: string): View {
  return { ...freshView(undefined), folder, order: currentView().order };
}
