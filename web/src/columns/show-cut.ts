import type { DataType } from "hangar/flight";
import { showBound } from "../table/show-cells.ts";
import type { Bound } from "./summary.ts";

/** A value, with an ellipsis where it goes on; pure. */
export function showCut(type: DataType, { text, isCut }: Bound): string {
  const shown = showBound(type, text);
  return isCut && !shown.endsWith("…") ? `${shown}…` : shown;
}
