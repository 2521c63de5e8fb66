import { endHeader, offsetHeader, sendPath, streamIdHeader } from "../../src/duplex/index.ts";

/** A Send, as a client in another language makes it from docs/duplex.md. */
export interface RawSend {
  readonly streamId: string;
  readonly byteOffset?: number;
  readonly body?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly isEnd?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The response to a Send. */
export interface RawSendAnswer {
  readonly status: number;
  /** The number of accepted bytes; undefined in an error. */
  readonly accepted: number | undefined;
  /** The error in the body, if there is one. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** Makes one Send. */
export async function sendOnce(url: string, { streamId, body, signal, ...send }: RawSend): Promise<RawSendAnswer> {
  const headers = new Headers(send.headers);
  headers.set(streamIdHeader, streamId);
  headers.set(offsetHeader, String(send.byteOffset ?? 0));
  if (send.isEnd) headers.set(endHeader, "true");
  const streamed = body instanceof ReadableStream ? { duplex: "half" as const } : {};
  const response = await fetch(`${url}${sendPath}`, {
    method: "POST",
    headers,
    body: body ?? null,
    signal: signal ?? null,
    ...streamed,
  });
  const text = await response.text();
  const accepted = response.headers.get(offsetHeader);
  return {
    status: response.status,
    accepted: accepted === null ? undefined : Number(accepted),
    error: text === "" ? undefined : (JSON.parse(text) as RawSendAnswer["error"]),
  };
}
