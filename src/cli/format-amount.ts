const prefixes = ["", "k", "M", "G", "T"];

/** Formats an amount with three digits and a prefix: 12.3 MB, 4 rows. */
export function formatAmount(value: number, unit: "rows" | "bytes"): string {
  const power = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), prefixes.length - 1);
  const digits = power === 0 ? String(Math.round(value)) : (value / 1000 ** power).toPrecision(3);
  return unit === "rows"
    ? `${digits}${prefixes[power]} row${digits === "1" && power === 0 ? "" : "s"}`
    : `${digits} ${prefixes[power]}B`;
}
