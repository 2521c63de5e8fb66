import { unwatchFile, watchFile } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import { UsageError } from "../exit-code.ts";
import type { ServeOptions } from "../serve.ts";
import { toKebabCase } from "../../server/index.ts";
import { isOpen, type Settings } from "./settings.ts";

/**
 * The interval between checks of the files, in milliseconds. The checks use paths. A file system watcher would follow
 * the old file if the file or a link to it is replaced, as Kubernetes does.
 */
const lookMs = 1_000;

/** How long to wait, after a change, for related changes and for the writer to finish, in milliseconds. */
const settleMs = 100;

/** Options that take effect without a restart, besides access settings. */
const liveOptions: readonly (keyof ServeOptions)[] = ["logLevel", "anonymous", "allowAnonymous"];

/** The dependencies of the watch. */
export interface SettingsWatchOptions {
  /** The settings at the start of the server. */
  readonly started: Settings;
  /** Reads the settings again; throws if they are not valid. */
  readonly read: () => Settings;
  /** Applies new settings completely, or throws and changes nothing. */
  readonly apply: (settings: Settings) => Promise<void>;
  readonly logger: Logger;
}

/** Reloads the settings on SIGHUP and when one of their files changes. Invalid settings are not applied. */
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
    // Without files there is nothing to reload. Then SIGHUP ends the process, as is usual when a terminal closes.
    if (this.#watched.length > 0) process.on("SIGHUP", this.#onHangup);
  }

  /** Stops the watch. Resolves when a running reload has taken effect. */
  async close(): Promise<void> {
    process.off("SIGHUP", this.#onHangup);
    this.#watch([]);
    await this.#reloading;
  }

  /** Starts a reload. Files that change together cause only one. */
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
      logger.info({ trigger }, "configuration: reloaded");
      if (restart.length > 0) logger.warn({ restart }, "configuration: some changes need a restart");
    } catch (reason) {
      const error = reason instanceof Error ? reason.message : String(reason);
      logger.error({ trigger, error }, "configuration: not valid; the previous one stays in effect");
    }
  }

  async #applyNew(): Promise<Settings> {
    const { started, read, apply } = this.#options;
    const settings = read();
    // A file is empty for a moment while it is overwritten.
    if (settings.isOpenByDefault && !started.isOpenByDefault) {
      throw new UsageError(
        'the configuration no longer restricts access; to allow every caller, set anonymous = "all"',
      );
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
  const keys = changed.filter((name) => !isOtherCertificate(name, started, now)).map(toKebabCase);
  if (!isDeepStrictEqual(started.limits, now.limits)) keys.push("limits");
  if (isOpen(started) && !isOpen(now)) return [...keys, "access"];
  const [before, after] = [started, now].map(({ access }) => access.clientCertificates !== undefined);
  return before === after ? keys : [...keys, "client-certificates"];
}

/** Returns whether an option changes the path of a certificate. This needs no restart if TLS was already in use. */
function isOtherCertificate(name: keyof ServeOptions, started: Settings, now: Settings): boolean {
  const isTls = name === "tlsCert" || name === "tlsKey";
  return isTls && started.options[name] !== undefined && now.options[name] !== undefined;
}
