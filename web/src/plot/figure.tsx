import { useEffect, useRef, useState, type PointerEvent } from "react";
import { plot } from "@observablehq/plot";
import { axisLabel, isDate, tickText } from "./axis.ts";
import type { Drawing } from "./charts/drawing.ts";
import type { PlotRows } from "./plot-rows.ts";
import { clockTicks, formatClockTicks } from "./time-axis.ts";
import { extentOf } from "./bin-rows.ts";
import type { Reading } from "./walk-marks.ts";
import { useWalk } from "./use-walk.ts";
import { useColourScheme } from "./use-colour-scheme.ts";
import type { Range, Zoom } from "./zoom.ts";
import "./figure.css";

interface FigureProps {
  readonly rows: PlotRows;
  readonly drawing: Drawing;
  readonly zoom: Zoom;
  /** What the figure shows, for those who hear the page. */
  readonly label: string;
  readonly onZoom: (zoom: Zoom) => void;
}

/** Draws a chart as wide and as high as there is room for. Dragging over a part of it looks closer. */
export function Figure({ rows, drawing, zoom, label, onZoom }: FigureProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<ReturnType<typeof plot>>(undefined);
  const scheme = useColourScheme();
  const size = useSize(box);
  useEffect(() => {
    if (size === undefined) return undefined;
    const figure = plot(options({ rows, drawing, zoom, ...size }));
    // The page has its own style sheet, and its policy takes no other.
    figure.querySelector("style")?.remove();
    // The box around it says what it is; its parts have no roles that could have names.
    figure.ariaHidden = "true";
    drawn.current = figure;
    box.current!.replaceChildren(figure);
    return () => figure.remove();
  }, [rows, drawing, zoom, size, scheme]);
  const drag = useDrag((from, to) => {
    const ranges = (["x", "y"] as const).map((name): Range | undefined => {
      const scale = drawn.current?.scale(name);
      if (scale?.invert === undefined) return undefined;
      const ends = [from[name], to[name]].map((at) => Number(scale.invert!(at)));
      return [Math.min(...ends), Math.max(...ends)];
    });
    const [x, y] = ranges;
    onZoom({ x: x ?? zoom.x, y: drawing.hasYValues ? (y ?? zoom.y) : zoom.y });
  });
  const axes = {
    x: drawing.xLabels ? undefined : (zoom.x ?? drawing.domains?.x ?? extentOf(rows.x.values)),
    y: drawing.hasYValues && rows.y ? (zoom.y ?? drawing.domains?.y ?? extentOf(rows.y.values)) : undefined,
  };
  const { reading, ...walk } = useWalk({ drawing, zoom, axes, onZoom });
  const place = reading && placeOf(drawn.current, reading);
  return (
    <div
      className="figure"
      role="application"
      aria-label={`Values of ${label}`}
      aria-description="Arrow keys read the marks; plus and minus look closer or less close, 0 shows all."
      tabIndex={0}
      {...walk}
      {...drag.handlers}
    >
      <div className="figure-box" ref={box} role="img" aria-label={label} />
      {reading && place && (
        <div className="figure-mark" style={{ left: place.x, top: place.y }} aria-hidden="true">
          <p style={{ [place.isRight ? "right" : "left"]: 12 }}>{reading.text}</p>
        </div>
      )}
      {drag.area && <div className="figure-area" style={drag.area} />}
    </div>
  );
}

/** Where a mark is drawn, in pixels; undefined where it is not. */
function placeOf(
  figure: ReturnType<typeof plot> | undefined,
  { x, y }: Reading,
): { readonly x: number; readonly y: number; readonly isRight: boolean } | undefined {
  const [scaleX, scaleY] = [figure?.scale("x"), figure?.scale("y")];
  if (!figure || !scaleX || !scaleY) return undefined;
  const left = Number(scaleX.apply(x)) + (scaleX.bandwidth ?? 0) / 2;
  return { x: left, y: Number(scaleY.apply(y)), isRight: left > Number(figure.getAttribute("width")) / 2 };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function options({ rows, drawing, zoom, width, height }: Pick<FigureProps, "rows" | "drawing" | "zoom"> & Size) {
  const { x, y } = rows;
  const { colour, xLabels } = drawing;
  return {
    className: "figure-svg",
    width,
    height,
    marginLeft: 76,
    marginBottom: xLabels ? 64 : 44,
    marginRight: 16,
    // Points at the edge are drawn as a whole.
    inset: 4,
    ...((zoom.x ?? zoom.y) && { clip: true }),
    marks: drawing.marks,
    x: {
      label: axisLabel(x.field),
      labelArrow: "none",
      ...(xLabels
        ? { type: "band", domain: xLabels, tickRotate: xLabels.length > 6 ? -30 : 0, tickFormat: shorten }
        : axisOptions(x, zoom.x ?? drawing.domains?.x)),
    },
    y: {
      label: drawing.yLabel,
      labelArrow: "none",
      grid: true,
      ...(drawing.hasYValues && y
        ? axisOptions(y, zoom.y ?? drawing.domains?.y)
        : { tickFormat: tickText, nice: true }),
    },
    color:
      colour === undefined
        ? {}
        : colour.kind === "groups"
          ? { type: "categorical", domain: colour.labels, range: colour.colours }
          : { type: colour.isCount ? "log" : "linear", domain: colour.extent, scheme: "viridis" },
  } as Parameters<typeof plot>[0] & object;
}

/** Whole numbers up to which each of them is a tick, and no fraction. */
const wholeTicksMax = 12;

const labelCharsMax = 18;

function shorten(label: string): string {
  return label.length > labelCharsMax ? `${label.slice(0, labelCharsMax - 1)}…` : label;
}

function axisOptions({ field, values }: NonNullable<PlotRows["y"]>, range: Range | undefined): object {
  const domain = range ?? extentOf(values);
  const common = domain && domain[0] < domain[1] ? { domain } : {};
  if (isDate(field)) return { type: "utc", ...common };
  if (field.type.kind === "int" && domain !== undefined && domain[1] - domain[0] < wholeTicksMax) {
    const first = Math.ceil(domain[0]);
    const count = Math.floor(domain[1]) - first + 1;
    return {
      type: "linear",
      tickFormat: tickText,
      ticks: Array.from({ length: count }, (_, i) => first + i),
      ...common,
    };
  }
  if (field.type.kind !== "time" || domain === undefined) return { type: "linear", tickFormat: tickText, ...common };
  const ticks = clockTicks(...domain);
  const texts = formatClockTicks(ticks);
  return { type: "linear", ticks, tickFormat: (_: number, i: number) => texts[i], ...common };
}

/** Follows how much room there is; undefined before that is known. */
function useSize(box: React.RefObject<HTMLDivElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useEffect(() => {
    const element = box.current!.parentElement!;
    const look = (): void => {
      const [width, height] = [element.clientWidth, Math.max(200, element.clientHeight)];
      setSize((before) => (before?.width === width && before.height === height ? before : { width, height }));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return size;
}

/** A place in the figure, in pixels. */
type Place = Readonly<Record<"x" | "y", number>>;

/** Pixels that a pointer goes before it drags. */
const dragMin = 6;

/** Follows a pointer that marks a part of the figure. */
function useDrag(onDrag: (from: Place, to: Place) => void) {
  const [ends, setEnds] = useState<{ from: Place; to: Place }>();
  const placeOf = (event: PointerEvent<HTMLElement>): Place => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const isFar = ends && (Math.abs(ends.to.x - ends.from.x) > dragMin || Math.abs(ends.to.y - ends.from.y) > dragMin);
  return {
    area: isFar
      ? {
          left: Math.min(ends.from.x, ends.to.x),
          top: Math.min(ends.from.y, ends.to.y),
          width: Math.abs(ends.to.x - ends.from.x),
          height: Math.abs(ends.to.y - ends.from.y),
        }
      : undefined,
    handlers: {
      // The chart keeps what is pressed on it to itself: a click keeps the text beside a mark.
      onPointerDownCapture: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0 || event.pointerType === "touch") return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setEnds({ from: placeOf(event), to: placeOf(event) });
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => ends && setEnds({ ...ends, to: placeOf(event) }),
      onPointerUp: () => {
        setEnds(undefined);
        if (ends && isFar) onDrag(ends.from, ends.to);
      },
      onPointerCancel: () => setEnds(undefined),
    },
  };
}
