/** Returns an error of Node, which a server has that cannot listen, as a sentence about its flags; other errors as they are. */
export function explainListen(
  reason: unknown,
  { host, port }: { readonly host: string; readonly port: number },
): unknown {
  if (!(reason instanceof Error && "code" in reason)) return reason;
  const code = String(reason.code);
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} of ${host} is in use; choose another port with --port`,
    EACCES: `this user may not listen on port ${port} of ${host}; choose another port with --port`,
    EADDRNOTAVAIL: `--host ${host} is not an address of this machine`,
    ENOTFOUND: `--host ${host}: the name cannot be resolved`,
    EAI_AGAIN: `--host ${host}: the name cannot be resolved`,
  };
  const sentence = sentences[code];
  return sentence === undefined ? reason : new Error(sentence, { cause: reason });
}
