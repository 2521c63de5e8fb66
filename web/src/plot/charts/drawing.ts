import type { Markish } from "@observablehq/plot";
import type { Extent } from "../bin-rows.ts";
import type { PlotRows } from "../plot-rows.ts";
import type { Reading } from "../walk-marks.ts";
import type { Zoom } from "../zoom.ts";

/** What a chart draws, and what its colours and axes mean. */
export interface Drawing {
  readonly marks: readonly Markish[];
  /** The marks with their values, for keys to walk. */
  readonly readings: readonly Reading[];
  /** Labels of categories along x, in their order; undefined where x has numbers. */
  readonly xLabels: readonly string[] | undefined;
  readonly yLabel: string;
  /** Whether y has the numbers of its column, and not those of counts. */
  readonly hasYValues: boolean;
  readonly colour:
    | undefined
    | { readonly kind: "groups"; readonly labels: readonly string[]; readonly colours: readonly string[] }
    | {
        readonly kind: "numbers";
        readonly label: string;
        readonly extent: Extent;
        readonly isCount: boolean;
      };
  /** What the axes go over, where that is more or less than the values of the rows. */
  readonly domains?: { readonly x?: Extent; readonly y?: Extent };
  /** A sentence on what is drawn; empty where that is each row. */
  readonly words: string;
}

/** Rows of a plot, and how they are drawn. */
export interface ChartOptions {
  readonly rows: PlotRows;
  readonly isMean: boolean;
  /** Whether a line has no band from the least to the greatest value, so that Y is as wide as its means. */
  readonly isBandHidden: boolean;
  /** The part of the axes that is looked at. Parts of an axis are divided by it: the rows read may go beyond it. */
  readonly zoom: Zoom;
}

/** Parts of X that a chart sums rows up in, at most. */
export const partsMax = { line: 300, histogram: 60, bar: 60, box: 20, heat: 80 };
/** Parts of Y in a heat map at most. */
export const yPartsMax = 50;

/** Groups of colours at most, besides the others. */
export const groupsMax = 6;

/** How the text beside the pointer looks. */
export const tipStyle = {
  fill: "var(--raised)",
  stroke: "var(--line-strong)",
  fontSize: 12,
  lineWidth: 40,
  maxRadius: 30,
  // The text may go over the edge of a chart that is cut there.
  clip: false,
} as const;
