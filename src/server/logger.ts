/** The log of a server. A pino logger has this interface. */
export interface Logger {
  /** Logs an event for debugging. */
  debug(details: object, message: string): void;
  /** Logs a normal event. */
  info(details: object, message: string): void;
  /** Logs a problem that the server handled. */
  warn(details: object, message: string): void;
  /** Logs a failure. */
  error(details: object, message: string): void;
  /** Returns whether events of a level are written. Without it, they all may be. */
  isLevelEnabled?(level: "debug" | "info"): boolean;
}

const ignore = (): void => {};

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  isLevelEnabled: () => false,
};
