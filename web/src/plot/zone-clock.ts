import { zoneFormat } from "../table/value-format.ts";

/** Tells what the clocks of a zone show. Both are milliseconds since 1970; what a clock shows is read as if it were UTC. */
export interface ZoneClock {
  shownAt(ms: number): number;
  /** The first and the last time at which the clocks may show something; a day with a change of the clocks is wider. */
  timesOf(shown: number): readonly [number, number];
}

/** A part of time in which the clocks of a zone change once at most: two changes have always been weeks apart. */
const spanMs = 7 * 86_400_000;

/** The greatest time of a date, and the least with a minus. */
const timeMax = 8.64e15;

const clocks = new Map<string, ZoneClock | undefined>();

/** The clock of a zone; undefined where the browser does not know the zone. */
export function zoneClock(timeZone: string): ZoneClock | undefined {
  if (!clocks.has(timeZone)) clocks.set(timeZone, createClock(timeZone));
  return clocks.get(timeZone);
}

/** How far the clocks are ahead of UTC from the beginning of a span on, and from a time within it on. */
interface Span {
  readonly before: number;
  readonly changeMs: number;
  readonly after: number;
}

function createClock(timeZone: string): ZoneClock | undefined {
  const format = zoneFormat(timeZone);
  if (format === undefined) return undefined;
  const ahead = (ms: number): number => aheadAt(format, Math.max(-timeMax, Math.min(timeMax, ms)));
  const spans = new Map<number, Span>();
  let last = { at: NaN, span: { before: 0, changeMs: Infinity, after: 0 } };
  const spanAt = (at: number): Span => {
    if (at === last.at) return last.span;
    const span = spans.get(at) ?? findChange(ahead, at * spanMs);
    spans.set(at, span);
    last = { at, span };
    return span;
  };
  const aheadOf = (ms: number): number => {
    if (!(Math.abs(ms) <= timeMax)) return 0;
    const { before, changeMs, after } = spanAt(Math.floor(ms / spanMs));
    return ms < changeMs ? before : after;
  };
  const dayMs = 86_400_000;
  return {
    shownAt: (ms) => ms + aheadOf(ms),
    timesOf(shown) {
      const times = [-dayMs, dayMs].map((off) => shown - aheadOf(shown + off));
      return [Math.min(...times), Math.max(...times)];
    },
  };
}

function findChange(ahead: (ms: number) => number, startMs: number): Span {
  let [low, high] = [startMs, startMs + spanMs];
  const [before, after] = [ahead(low), ahead(high)];
  if (before === after) return { before, changeMs: Infinity, after };
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ahead(middle) === before) low = middle;
    else high = middle;
  }
  return { before, changeMs: high, after };
}

/** Milliseconds from `GMT+05:30`, `GMT-04:56:02` or `GMT`. */
function aheadAt(format: Intl.DateTimeFormat, ms: number): number {
  const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")!.value;
  const [, sign, hours, minutes, seconds = 0] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1000 : 1000) * (3600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
}
