import { useEffect, useMemo, useState, type KeyboardEvent } from "react";
import { announce } from "../state/announce.ts";
import { formatCount, formatCounted } from "../ui/format.ts";
import { focusSoon } from "../ui/focus.ts";
import type { Drawing } from "./charts/drawing.ts";
import { nearestMark, orderReadings, walkMarks, type Reading } from "./walk-marks.ts";
import { zoomAround, type Range, type Zoom } from "./zoom.ts";

/** Keys that look closer, and less close, with how much wider the part is then. */
const zoomKeys: Readonly<Record<string, number>> = { "+": 0.5, "=": 0.5, "-": 2 };

/** The part of the axis that a chart shows; undefined for categories. */
export interface ShownAxes {
  readonly x: Range | undefined;
  readonly y: Range | undefined;
}

interface WalkOptions {
  readonly drawing: Drawing;
  readonly zoom: Zoom;
  readonly axes: ShownAxes;
  onZoom(zoom: Zoom): void;
}

/** Where somebody was when the chart was drawn anew, and whether a key has done that. */
let left: Reading["x"] | undefined;
let isZooming = false;

/** Walks over the marks of a chart by keys, and looks closer around one. Each mark is announced as hovering shows it. */
export function useWalk({ drawing, zoom, axes, onZoom }: WalkOptions) {
  const readings = useMemo(() => orderReadings(drawing.readings, drawing.xLabels), [drawing]);
  const [at, setAt] = useState<number>();
  useEffect(() => {
    setAt(undefined);
    if (isZooming) announce(`${formatCounted(readings.length, "mark")} shown`);
    isZooming = false;
  }, [readings]);
  const go = (index: number): void => {
    const { text, x } = readings[index]!;
    left = x;
    setAt(index);
    announce(`${text.replaceAll("\n", ", ")}. ${formatCount(index + 1)} of ${formatCount(readings.length)}`);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (readings.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const start = at ?? (left === undefined ? 0 : nearestMark(readings, left));
    const factor = zoomKeys[event.key];
    const isFirst = at === undefined && event.key.startsWith("Arrow");
    const next = isFirst ? start : walkMarks(readings, start, event.key);
    if (next !== undefined) go(next);
    else if (factor !== undefined)
      keepAt(event.currentTarget, () => onZoom(zoomAround(zoom, axes, readings[start]!, factor)));
    else if (event.key === "0") keepAt(event.currentTarget, () => onZoom({ x: undefined, y: undefined }));
    else if (event.key === "Escape") setAt(undefined);
    else return;
    event.preventDefault();
  };
  return { reading: at === undefined ? undefined : readings[at], onKeyDown, onBlur: () => setAt(undefined) };
}

/** Does what draws the chart anew, and has the new one take the focus. */
function keepAt(before: HTMLElement, act: () => void): void {
  isZooming = true;
  act();
  focusSoon(() => {
    const figure = document.querySelector<HTMLElement>(".plot-tab .figure");
    return figure === before ? undefined : figure;
  });
}
