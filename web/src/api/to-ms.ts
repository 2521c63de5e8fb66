/** A time as milliseconds since 1970. */
export function toMs(time: { readonly seconds: bigint; readonly nanos: number } | undefined): number | undefined {
  return time && Number(time.seconds) * 1000 + time.nanos / 1e6;
}
