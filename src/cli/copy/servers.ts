import { parseServerUrl } from "../../client/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { ClientCall } from "../client-call.ts";

/** The servers of a copy. Each has one connection. */
export class Servers {
  readonly #own: ClientCall;
  readonly #token: (() => Promise<string>) | undefined;
  readonly #calls = new Map<string, ClientCall>();
  readonly #modes = new Map<string, Promise<boolean>>();

  /**
   * @param own - the server of `--url`
   * @param token - returns the bearer token for the other servers
   */
  constructor(own: ClientCall, token: (() => Promise<string>) | undefined) {
    this.#own = own;
    this.#token = token;
    this.#calls.set(own.url.origin, own);
  }

  /**
   * Returns a server.
   *
   * @param address - undefined for the server of `--url`
   * @throws FlightError INVALID_ARGUMENT if it is not an address
   */
  of(address: string | undefined): ClientCall {
    if (address === undefined) return this.#own;
    const url = parseServerUrl(address);
    let call = this.#calls.get(url.origin);
    if (call === undefined) {
      call = { ...this.#own, url, client: this.#own.clientOf(url, { token: this.#token }) };
      this.#calls.set(url.origin, call);
    }
    return call;
  }

  /** Returns whether a server is a Hangar server with a store, which can put without replacing. */
  async hasPutModes({ client, url, signal }: ClientCall): Promise<boolean> {
    let hasModes = this.#modes.get(url.origin);
    if (hasModes === undefined) {
      hasModes = client.datasets.describeServer({ signal }).then(
        ({ files }) => files,
        (reason: unknown) => {
          if (reason instanceof FlightError && reason.code === "unimplemented") return false;
          throw reason;
        },
      );
      this.#modes.set(url.origin, hasModes);
    }
    return await hasModes;
  }
}
