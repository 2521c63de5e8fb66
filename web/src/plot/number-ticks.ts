/** Ticks of an axis at most. */
const ticksMax = 100;

/**
 * Where ticks stand between two numbers, a step apart; pure. Large numbers lie further apart than a small step, so that
 * whoever adds one again and again never gets on; here they stand at fewer places then.
 */
export function numberTicks(min: number, max: number, step: number): number[] {
  if (!(step > 0)) return [];
  const first = Math.ceil(min / step);
  const count = Math.min(ticksMax, Math.floor(max / step) - first + 1);
  const ticks = Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
  return [...new Set(ticks)].filter((tick) => tick <= max);
}
