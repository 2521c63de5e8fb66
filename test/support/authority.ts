import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTemporaryFolder } from "./folder.ts";

/** A certificate and its key, in PEM. */
export interface IssuedCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Paths of files that have them. */
  readonly certPath: string;
  readonly keyPath: string;
}

/** A certificate authority, made anew for every run. */
export interface TestAuthority extends AsyncDisposable {
  readonly ca: Buffer;
  readonly caPath: string;
  /** @param subject - such as `/O=Example/CN=ali`; `names` such as `DNS:localhost,IP:127.0.0.1` */
  issue(subject: string, names?: string): Promise<IssuedCertificate>;
}

const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"];

/** Makes an authority whose files are in a temporary folder. */
export async function createAuthority(): Promise<TestAuthority> {
  const folder = await createTemporaryFolder();
  const openssl = async (...args: string[]) => await promisify(execFile)("openssl", ["req", "-x509", ...kind, ...args]);
  const [caPath, caKeyPath] = [join(folder.path, "ca.pem"), join(folder.path, "ca-key.pem")];
  await openssl("-subj", "/CN=authority", "-keyout", caKeyPath, "-out", caPath);
  let count = 0;
  return {
    ca: await readFile(caPath),
    caPath,
    async issue(subject, names) {
      count += 1;
      const [certPath, keyPath] = [join(folder.path, `${count}.pem`), join(folder.path, `${count}-key.pem`)];
      const extensions = ["-addext", "basicConstraints=critical,CA:FALSE"];
      if (names !== undefined) extensions.push("-addext", `subjectAltName=${names}`);
      const by = ["-CA", caPath, "-CAkey", caKeyPath];
      await openssl("-subj", subject, ...extensions, ...by, "-keyout", keyPath, "-out", certPath);
      return { cert: await readFile(certPath), key: await readFile(keyPath), certPath, keyPath };
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
