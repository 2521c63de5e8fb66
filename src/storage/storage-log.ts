/** The log of a storage and of a store. A pino logger has this interface. */
export interface StorageLog {
  /** Logs a normal event. */
  info(fields: object, message: string): void;
  /** Logs a problem, such as a file that cannot be read. */
  warn(fields: object, message: string): void;
}

/** A log that writes nothing. */
export const silentLog: StorageLog = { info: () => {}, warn: () => {} };
