const secondsPerDay = 86_400;

/** The zone that was asked about last. To make a format takes much longer than to use it. */
let last: { readonly zone: string; readonly format: Intl.DateTimeFormat } | undefined;

/**
 * Returns the offset of a time zone from UTC at a local time, in seconds; undefined if there is no such zone. A time that
 * the clock skips or has twice is taken before the change.
 *
 * @param localSeconds - the local time, as seconds since 1970-01-01 if it were UTC
 */
export function zoneOffset(zone: string, localSeconds: number): number | undefined {
  try {
    if (last?.zone !== zone) {
      last = { zone, format: new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }) };
    }
    const { format } = last;
    // Zones do not change twice within two days.
    const [before, after] = [
      offsetAt(format, localSeconds - secondsPerDay),
      offsetAt(format, localSeconds + secondsPerDay),
    ];
    return [before, after].find((offset) => offsetAt(format, localSeconds - offset) === offset) ?? before;
  } catch (reason) {
    if (reason instanceof RangeError) return undefined;
    throw reason;
  }
}

/** Returns the offset at a moment, in seconds. @throws RangeError beyond the years that JavaScript has */
function offsetAt(format: Intl.DateTimeFormat, utcSeconds: number): number {
  const name = format.formatToParts(utcSeconds * 1000).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds = "0"] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}
