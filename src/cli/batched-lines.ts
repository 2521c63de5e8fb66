import { pino } from "pino";

/** The bytes that wait at most before they are written. */
const waitingBytesMax = 8 * 1024;

/** How long a line waits at most for others before it is written, in milliseconds. */
const waitMs = 100;

/** Where pino writes its lines. */
export interface LineDestination {
  write(line: string): void;
}

/**
 * Returns a destination that writes lines together, in the background. A write of its own for each line would cost a
 * call a sixth of its CPU time. The rest is written when the process exits.
 *
 * @param dest - a file descriptor or a file's path
 */
export function batchLines(dest: number | string): LineDestination {
  const destination = pino.destination({ dest, sync: false, minLength: waitingBytesMax });
  process.on("exit", () => destination.flushSync());
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    destination.flush();
  };
  return {
    write(line) {
      destination.write(line);
      timer ??= setTimeout(flush, waitMs);
    },
  };
}
