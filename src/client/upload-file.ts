import { Code, ConnectError } from "@connectrpc/connect";
import { errorFromJson } from "@connectrpc/connect/protocol-connect";
import { FlightError, toFlightError } from "../flight/index.ts";
import { describeFailure } from "./describe-reason.ts";
import type { CallOptions } from "./run-call.ts";
import { toEnded, toEndSignal } from "./time-limit.ts";

/** A request to upload a file. */
export interface FileRequest {
  /** The URL. */
  readonly url: string;
  /** The request headers. */
  readonly header: Headers;
  /** The content of the file. */
  readonly file: Blob;
  /** Cancels the upload. The server must not store the part that it has received. */
  readonly signal: AbortSignal | undefined;
  /** Called with the number of bytes sent so far. */
  readonly onSent: (byteLength: number) => void;
}

/** The response to an upload. */
export interface FileAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** The response headers. */
  readonly header: Headers;
  /** The body, as text. */
  readonly body: string;
}

/** Sends a file with PUT, and returns the response, whatever its status. Throws if there is no response. */
export type SendFile = (request: FileRequest) => Promise<FileAnswer>;

/**
 * Uploads a file with PUT. The promise resolves when the server has stored it.
 *
 * @returns the response headers
 * @throws FlightError with the server's code and message; CANCELLED by the signal; DEADLINE_EXCEEDED; UNAVAILABLE if
 * there is no response
 */
export async function uploadFile(
  send: SendFile,
  upload: Omit<FileRequest, "signal">,
  { signal: callerSignal, timeoutMs }: CallOptions,
): Promise<Headers> {
  const signal = toEndSignal(callerSignal, timeoutMs);
  if (signal?.aborted) throw toEnded("upload", callerSignal);
  const answer = await send({ ...upload, signal }).catch((reason: unknown) => {
    throw signal?.aborted ? toEnded("upload", callerSignal) : toFailure(upload.url, reason);
  });
  if (answer.status < 200 || answer.status > 299) throw toAnswerError("PUT", upload.url, answer);
  return answer.header;
}

/** Converts the reason why there is no response to a FlightError. */
export function toFailure(url: string, reason: unknown): FlightError {
  if (reason instanceof FlightError || reason instanceof ConnectError) return toFlightError(reason);
  return new FlightError("unavailable", describeFailure(url, reason), { cause: reason });
}

/** A Hangar server returns errors in the format of Connect. Other servers return only a status. */
export function toAnswerError(
  method: "GET" | "PUT",
  url: string,
  { status, body }: Pick<FileAnswer, "status" | "body">,
): FlightError {
  const code = status === 401 ? Code.Unauthenticated : Code.Unknown;
  const fallback = new ConnectError(`${method} ${new URL(url).pathname} was answered ${status}`, code);
  try {
    return toFlightError(errorFromJson(JSON.parse(body) as never, undefined, fallback));
  } catch {
    return toFlightError(fallback);
  }
}
