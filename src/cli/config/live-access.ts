import { randomBytes } from "node:crypto";
import { createAccess, sessionKeyBytesMin, type Access } from "../../auth/index.ts";
import { FlightError } from "../../flight/index.ts";
import { UsageError } from "../exit-code.ts";
import type { Settings } from "./settings.ts";

/**
 * Who may call, by settings that change while the server runs. A call is judged by those that are in force when it comes;
 * one that is under way goes on.
 */
export class LiveAccess {
  /** Seals bearers where the settings have no key, so that they outlive new settings. */
  readonly #ownKey = randomBytes(sessionKeyBytesMin);
  #current: Access;

  constructor(settings: Settings) {
    this.#current = this.prepare(settings);
  }

  /** Makes what new settings say, without having it take effect. Throws as `createAccessOf`. */
  prepare(settings: Settings): Access {
    return createAccessOf(settings, this.#ownKey);
  }

  /** Has what was prepared take effect. */
  set(access: Access): void {
    this.#current = access;
  }

  /** What a server asks; each time, those that are in force answer. */
  readonly hooks: Access = {
    authenticate: (request) => this.#current.authenticate(request),
    authorize: (...asked) => this.#current.authorize(...asked),
    handshake: (...call) => {
      const { handshake } = this.#current;
      if (handshake === undefined) throw new FlightError("unimplemented", "this server takes no passwords");
      return handshake(...call);
    },
  };
}

/**
 * Makes what settings say of access.
 *
 * @param key - seals bearers where the settings have no key
 * @throws UsageError where the settings contradict themselves
 */
export function createAccessOf({ access, options }: Settings, key?: Uint8Array): Access {
  try {
    return createAccess({ ...access, sessionKey: access.sessionKey ?? key });
  } catch (reason) {
    if (!(reason instanceof FlightError)) throw reason;
    throw new UsageError(`${options.config}: ${reason.message}`, { cause: reason });
  }
}
