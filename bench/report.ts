import type { ServerName } from "./options.ts";
import { phases, type PhaseName, type Sizes } from "./phases.ts";

/** What one run of one phase against one server gave. */
export interface Sample {
  readonly phase: PhaseName;
  readonly server: ServerName;
  readonly seconds: number;
  /** The server's peak memory during the phase, in bytes. */
  readonly peakBytes: number;
}

/** The middle value; the mean of the two middle ones of an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}

/** A Markdown table: medians of both servers and their ratio, a row a phase, then the highest peaks of memory. */
export function toTable(samples: readonly Sample[], sizes: Sizes): string {
  const measured = (Object.keys(phases) as PhaseName[]).filter((name) => samples.some(({ phase }) => phase === name));
  const rows = measured.map((name) => {
    const { title, unit, more, figure } = phases[name];
    const of = (server: ServerName) => median(pick(samples, name, server).map(({ seconds }) => figure(seconds, sizes)));
    return toRow(`${title} (${unit})`, more, of("recipe"), of("hangar"));
  });
  const memory = measured
    .filter((name) => phases[name].memory)
    .map((name) => {
      const of = (server: ServerName) =>
        Math.max(...pick(samples, name, server).map(({ peakBytes }) => peakBytes / 1e6), -Infinity);
      return toRow(`peak memory: ${phases[name].title} (MB)`, false, of("recipe"), of("hangar"));
    });
  return [
    "| | recipe | hangar | hangar / recipe | better is |",
    "| --- | ---: | ---: | ---: | --- |",
    ...rows,
    ...memory,
  ]
    .map((row) => `${row}\n`)
    .join("");
}

function pick(samples: readonly Sample[], phase: PhaseName, server: ServerName): Sample[] {
  return samples.filter((sample) => sample.phase === phase && sample.server === server);
}

function toRow(title: string, more: boolean, recipe: number, hangar: number): string {
  return `| ${title} | ${toText(recipe)} | ${toText(hangar)} | ${toText(Number.isFinite(recipe) ? hangar / recipe : NaN)} | ${more ? "more" : "less"} |`;
}

/** Three significant digits, which is more than runs of a bench agree on. */
function toText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
