import { codeToString } from "@connectrpc/connect/protocol-connect";

/** An answer as it came. */
export interface Answered {
  readonly status: number;
  /** Header and trailers together. */
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What a client of a protocol reads of a refusal; `code` is left out where the protocol has none but HTTP's status. */
export interface ReadRefusal {
  readonly code?: string | undefined;
  readonly message: string | undefined;
}

/** Reads a refusal as the client of a request of a content type does. */
export function readRefusal(contentType: string, { status, fields, body }: Answered): ReadRefusal {
  if (contentType.startsWith("application/grpc-web-text")) return readTrailers(Buffer.from(body.toString(), "base64"));
  if (contentType.startsWith("application/grpc-web")) return readTrailers(body);
  if (contentType.startsWith("application/grpc")) return ofStatus(fields["grpc-status"], fields["grpc-message"]);
  if (contentType.startsWith("application/connect")) {
    expectEnvelope(body, 2);
    return (JSON.parse(body.subarray(5).toString()) as { error: ReadRefusal }).error;
  }
  if (contentType === "text/plain") return { code: String(status), message: body.toString().trimEnd() };
  return JSON.parse(body.toString()) as ReadRefusal;
}

function readTrailers(envelope: Buffer): ReadRefusal {
  expectEnvelope(envelope, 0x80);
  const lines = envelope.subarray(5).toString().split("\r\n");
  const valueOf = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  return ofStatus(valueOf("grpc-status"), valueOf("grpc-message"));
}

function ofStatus(status: string | undefined, message: string | undefined): ReadRefusal {
  const code = status === undefined ? undefined : codeToString(Number(status));
  return { code, message: message && decodeURIComponent(message) };
}

function expectEnvelope(bytes: Buffer, flags: number): void {
  if (bytes[0] !== flags || bytes.readUInt32BE(1) !== bytes.byteLength - 5)
    throw new Error(`no envelope: ${bytes.toString()}`);
}
