import { renderTable } from "../scripts/markdown-table.ts";
import { compare, type Comparison, type Figure } from "./figures.ts";

/** Returns a Markdown table of figures: the value of each program, and Hangar's ratio to each peer beside its aim. */
export function renderFigures(figures: readonly Figure[]): string {
  const peers = [...new Set(figures.flatMap(({ values }) => Object.keys(values)))].filter((name) => name !== "hangar");
  const head = ["", "hangar", ...peers, ...peers.map((peer) => `hangar / ${peer}`)];
  return renderTable(
    head,
    figures.map((figure) => {
      const comparisons = new Map(compare(figure).map((each) => [each.peer, each]));
      const absolute = comparisons.get("hangar");
      const ours = absolute === undefined ? toText(figure.values["hangar"]) : toVerdict(figure, absolute);
      return [
        `${figure.title} (${figure.unit})`,
        ours,
        ...peers.map((peer) => toText(figure.values[peer])),
        ...peers.map((peer) => toVerdict(figure, comparisons.get(peer))),
      ];
    }),
  );
}

/** Returns a sentence about the aims: how many are reached, and the rows that fall short. */
export function summarizeAims(figures: readonly Figure[]): string {
  const aimed = figures.flatMap((figure) =>
    compare(figure)
      .filter(({ aim }) => aim !== undefined)
      .map((comparison) => ({ figure, comparison })),
  );
  const short = aimed.filter(({ comparison }) => comparison.isReached === false);
  const lines = short.map(
    ({ figure, comparison }) => `- ${figure.title}: ${comparison.peer} ${toVerdict(figure, comparison)}\n`,
  );
  return `${aimed.length - short.length} of ${aimed.length} aims are reached.\n${lines.join("")}`;
}

/** A ratio, whether it reaches the aim, and the aim: `1.21 ✓ ≥ 1.2`. */
function toVerdict({ better }: Figure, comparison: Comparison | undefined): string {
  if (comparison === undefined) return "";
  const { ratio, aim, isReached } = comparison;
  if (aim === undefined) return toText(ratio);
  return `${toText(ratio)} ${isReached ? "✓" : "✗"} ${better === "more" ? "≥" : "≤"} ${aim}`;
}

/** Three significant digits, which is more than two runs agree on. */
export function toText(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
