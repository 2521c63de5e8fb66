import { scale } from "@observablehq/plot";
import { axisText, tickText } from "./axis.ts";
import type { Drawing } from "./charts/drawing.ts";
import type { PlotRows } from "./plot-rows.ts";

interface LegendProps {
  readonly drawing: Drawing;
  readonly rows: PlotRows;
}

const stopCount = 12;
const rampWidth = 200;

/** What the colours of a chart mean: each one's group, or numbers from the least to the greatest. */
export function Legend({ drawing: { colour }, rows }: LegendProps) {
  if (colour === undefined) return null;
  if (colour.kind === "groups") {
    return (
      <ul className="legend" aria-label={rows.colour ? `Colours of ${rows.colour.field.name}` : "Colours"}>
        {colour.labels.map((label, i) => (
          <li key={label}>
            <svg width="10" height="10" aria-hidden="true">
              <rect width="10" height="10" fill={colour.colours[i]} />
            </svg>
            {label}
          </li>
        ))}
      </ul>
    );
  }
  const [min, max] = colour.extent;
  const { apply } = scale({
    color: { type: colour.isCount ? "log" : "linear", domain: [min, max], scheme: "viridis" },
  });
  const text = (value: number): string =>
    colour.isCount || rows.colour === undefined ? tickText(value) : axisText(rows.colour.field, value);
  const stops = Array.from({ length: stopCount + 1 }, (_, i) => i / stopCount);
  return (
    <figure className="legend" aria-label={`${colour.label}: ${text(min)} to ${text(max)}`}>
      <span>{colour.label}</span>
      <span className="number">{text(min)}</span>
      <svg width={rampWidth} height="10" aria-hidden="true">
        <linearGradient id="legend-ramp">
          {stops.map((share) => (
            <stop
              key={share}
              offset={share}
              stopColor={String(apply(colour.isCount ? min * (max / min) ** share : min + share * (max - min)))}
            />
          ))}
        </linearGradient>
        <rect width={rampWidth} height="10" fill="url(#legend-ramp)" />
      </svg>
      <span className="number">{text(max)}</span>
    </figure>
  );
}
