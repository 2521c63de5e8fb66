const grouped = new Intl.NumberFormat("en-US");

/** A count with its thousands apart: `4,000,000`. What is not known is a dash. */
export function formatCount(count: number | undefined): string {
  return count === undefined ? "–" : grouped.format(count);
}

/** A count and its noun, in singular for one: `1 row`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A name to show: a column may have an empty one. */
export function showName(name: string): string {
  return name === "" ? "(no name)" : name;
}

const units = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in three digits: `1.21 MB`, a thousand to the next unit. */
export function formatBytes(byteLength: number | undefined): string {
  if (byteLength === undefined) return "–";
  let value = byteLength;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

const ages = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago: `3 hours ago`, `just now` within a minute. */
export function formatAge(changedMs: number | undefined, nowMs: number): string {
  if (changedMs === undefined) return "–";
  const seconds = (nowMs - changedMs) / 1000;
  for (const [unit, length] of ages) if (seconds >= length) return relative.format(-Math.floor(seconds / length), unit);
  return "just now";
}

/** A share in percent, never rounded to all or nothing: `< 0.1 %`, `99.9 %`. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  if (part === whole) return "100 %";
  const percent = (100 * part) / whole;
  if (percent < 0.1) return "< 0.1 %";
  return `${Math.min(percent, 99.9)
    .toFixed(percent < 10 ? 1 : 0)
    .replace(/^100$/, "99.9")} %`;
}
