import { isIPv6, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Sender } from "../rpc/call-context.ts";
import { clientCertificateOf } from "./client-certificate.ts";
import type { NodeRequest } from "./node-messages.ts";
import { clientOf, toOrigin, type TrustedProxies } from "./origin.ts";

/** The part of a request that shows who sent it. */
export type SentRequest = Pick<NodeRequest, "headers" | "socket">;

/** Returns the origin of a request. @param authority - host and port of this server, already validated */
export function senderOf(
  req: SentRequest,
  authority: string,
  { trustedProxies: proxies, basePath }: { readonly trustedProxies: TrustedProxies; readonly basePath: string },
): Sender {
  const { socket } = req;
  const forwarded = proxies.has(socket.remoteAddress)
    ? { proto: headerOf(req, "x-forwarded-proto"), host: headerOf(req, "x-forwarded-host") }
    : undefined;
  return {
    peer: peerOf(req, proxies),
    clientCertificate: clientCertificateOf(socket),
    origin: toOrigin({ isEncrypted: isEncrypted(socket), authority, basePath, ...(forwarded && { forwarded }) }),
  };
}

/** Returns the client's address: with its port, or without it if a trusted proxy has named the address. */
export function peerOf(req: SentRequest, proxies: TrustedProxies): string {
  const { remoteAddress = "", remotePort } = req.socket;
  const isProxy = proxies.has(remoteAddress);
  const client = isProxy ? clientOf(headerOf(req, "x-forwarded-for"), proxies) : undefined;
  return client === undefined ? `${bracketed(remoteAddress)}:${remotePort}` : bracketed(client);
}

function bracketed(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}

function headerOf(req: SentRequest, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function isEncrypted(socket: Socket | TLSSocket): boolean {
  // The socket of an HTTP/2 session is a proxy without a working `in`.
  return (socket as Partial<TLSSocket>).encrypted === true;
}
