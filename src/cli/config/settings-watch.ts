import { unwatchFile, watchFile } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import { UsageError } from "../exit-code.ts";
import type { ServeOptions } from "../serve.ts";
import { isOpen, type Settings } from "./settings.ts";

/**
 * How often files are looked at, in milliseconds. They are looked at by their path: a file that is replaced, or reached by a
 * link that is, as Kubernetes does it, would no more be seen by what watches the first one.
 */
const lookMs = 1_000;

/** How long to wait for what else changes with a change, and for its writer to finish, in milliseconds. */
const settleMs = 100;

/** Options that take effect without a restart, those of access besides. */
const liveOptions: readonly (keyof ServeOptions)[] = ["logLevel", "anonymous", "allowAnonymous"];

/** The dependencies of the watch. */
export interface SettingsWatchOptions {
  /** Those that the server was started with. */
  readonly started: Settings;
  /** Reads them again; throws where they are wrong. */
  readonly read: () => Settings;
  /** Has new ones take effect, all or none; throws where they cannot. */
  readonly apply: (settings: Settings) => Promise<void>;
  readonly logger: Logger;
}

/** Reads settings again on SIGHUP, and when a file of theirs has changed. Broken ones leave those before in force. */
export class SettingsWatch {
  readonly #options: SettingsWatchOptions;
  #watched: readonly string[] = [];
  #reloading: Promise<void> = Promise.resolve();
  #isAwaited = false;
  readonly #onHangup = (): void => this.#reload("SIGHUP");
  readonly #onChange = (): void => this.#reload("a file has changed");

  constructor(options: SettingsWatchOptions) {
    this.#options = options;
    this.#watch(options.started.files);
    // Without files there is nothing to read again, and SIGHUP ends the process, as a terminal that closes expects.
    if (this.#watched.length > 0) process.on("SIGHUP", this.#onHangup);
  }

  /** Stops the watch. Resolves when a running reload has taken effect. */
  async close(): Promise<void> {
    process.off("SIGHUP", this.#onHangup);
    this.#watch([]);
    await this.#reloading;
  }

  /** Several files that change together are one change. */
  #reload(trigger: string): void {
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    const before = this.#reloading;
    this.#reloading = (async () => {
      await before;
      await sleep(settleMs);
      this.#isAwaited = false;
      await this.#tryNew(trigger);
    })();
  }

  async #tryNew(trigger: string): Promise<void> {
    const { logger } = this.#options;
    try {
      const settings = await this.#applyNew();
      const restart = findRestarts(this.#options.started, settings);
      logger.info({ trigger }, "configuration: read again and in force");
      if (restart.length > 0) logger.warn({ restart }, "configuration: changes that take a restart");
    } catch (reason) {
      const error = reason instanceof Error ? reason.message : String(reason);
      logger.error({ trigger, error }, "configuration: refused; the one before stays in force");
    }
  }

  async #applyNew(): Promise<Settings> {
    const { started, read, apply } = this.#options;
    const settings = read();
    // A file that is being written over is empty for a moment.
    if (settings.isOpenByDefault && !started.isOpenByDefault) {
      throw new UsageError('nothing says any more who may call; anonymous = "all" allows everybody');
    }
    await apply(settings);
    this.#watch(settings.files);
    return settings;
  }

  #watch(paths: readonly string[]): void {
    for (const path of this.#watched) if (!paths.includes(path)) unwatchFile(path, this.#onChange);
    for (const path of paths) {
      if (!this.#watched.includes(path)) watchFile(path, { interval: lookMs, persistent: false }, this.#onChange);
    }
    this.#watched = [...new Set(paths)];
  }
}

/** Returns the changed keys that need a restart, as they are written in the file. */
export function findRestarts(started: Settings, now: Settings): readonly string[] {
  const names = new Set([...Object.keys(started.options), ...Object.keys(now.options)]) as Set<keyof ServeOptions>;
  const changed = [...names].filter((name) => {
    return !liveOptions.includes(name) && !isDeepStrictEqual(started.options[name], now.options[name]);
  });
  const keys = changed.filter((name) => !isOtherCertificate(name, started, now)).map(toKey);
  if (!isDeepStrictEqual(started.limits, now.limits)) keys.push("limits");
  if (isOpen(started) && !isOpen(now)) return [...keys, "access"];
  const [before, after] = [started, now].map(({ access }) => access.clientCertificates !== undefined);
  return before === after ? keys : [...keys, "client-certificates"];
}

/** A certificate may change its path, if there was one before. */
function isOtherCertificate(name: keyof ServeOptions, started: Settings, now: Settings): boolean {
  const isTls = name === "tlsCert" || name === "tlsKey";
  return isTls && started.options[name] !== undefined && now.options[name] !== undefined;
}

function toKey(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
