/** What the process ends with. Being ended by a second signal is 128 plus its number, as shells have it. */
export const exitCode = {
  ok: 0,
  /** It could not do what it was told: the port is taken, the folder cannot be made. */
  failure: 1,
  /** It was told something that makes no sense: an unknown flag, a port that is no number. */
  usage: 2,
} as const;
