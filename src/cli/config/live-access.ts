import { randomBytes } from "node:crypto";
import { createAccess, sessionKeyBytesMin, type Access } from "../../auth/index.ts";
import { FlightError } from "../../flight/index.ts";
import { UsageError } from "../exit-code.ts";
import type { Settings } from "./settings.ts";

/** Access control whose settings change while the server runs. A call is checked by the settings at its start. */
export class LiveAccess {
  /** The key for sealed tokens if the settings have none. Tokens stay valid after new settings. */
  readonly #ownKey = randomBytes(sessionKeyBytesMin);
  #current: Access;

  constructor(settings: Settings) {
    this.#current = this.prepare(settings);
  }

  /** Prepares new settings, without applying them. Throws as `createAccessOf`. */
  prepare(settings: Settings): Access {
    return createAccessOf(settings, this.#ownKey);
  }

  /** Applies the prepared settings. */
  set(access: Access): void {
    this.#current = access;
  }

  /** The access control for the server. Each check uses the current settings. */
  readonly hooks: Access = {
    authenticate: (request) => this.#current.authenticate(request),
    authorize: (...asked) => this.#current.authorize(...asked),
    handshake: (...call) => {
      const { handshake } = this.#current;
      if (handshake === undefined) throw new FlightError("unimplemented", "this server takes no passwords");
      return handshake(...call);
    },
    signIn: {
      options: () => this.#current.signIn.options(),
      withPassword: (...given) => this.#current.signIn.withPassword(...given),
      withToken: (...given) => this.#current.signIn.withToken(...given),
      provider: () => this.#current.signIn.provider(),
      endSession: (...given) => this.#current.signIn.endSession(...given),
    },
  };
}

/**
 * Creates access control from settings.
 *
 * @param key - the key for sealed tokens if the settings have none
 * @throws UsageError if the settings contradict each other
 */
export function createAccessOf({ access, options }: Settings, key?: Uint8Array): Access {
  try {
    return createAccess({ ...access, sessionKey: access.sessionKey ?? key });
  } catch (reason) {
    if (!(reason instanceof FlightError)) throw reason;
    throw new UsageError(`${options.config}: ${reason.message}`, { cause: reason });
  }
}
