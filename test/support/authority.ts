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
  /** The same, for a certificate that expired yesterday. */
  issueExpired(subject: string, names: string): Promise<IssuedCertificate>;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];

/** Makes an authority whose files are in a temporary folder. */
export async function createAuthority(): Promise<TestAuthority> {
  const folder = await createTemporaryFolder();
  const openssl = async (...args: string[]) => await promisify(execFile)("openssl", args);
  const certify = async (...args: string[]) => await openssl("req", "-x509", ...newKey, "-days", "2", ...args);
  const [caPath, caKeyPath] = [join(folder.path, "ca.pem"), join(folder.path, "ca-key.pem")];
  await certify("-subj", "/CN=authority", "-keyout", caKeyPath, "-out", caPath);
  const by = ["-CA", caPath, "-CAkey", caKeyPath];
  let count = 0;
  const createPaths = (): [cert: string, key: string] => {
    count += 1;
    return [join(folder.path, `${count}.pem`), join(folder.path, `${count}-key.pem`)];
  };
  const read = async (certPath: string, keyPath: string): Promise<IssuedCertificate> => {
    return { cert: await readFile(certPath), key: await readFile(keyPath), certPath, keyPath };
  };
  return {
    ca: await readFile(caPath),
    caPath,
    async issue(subject, names) {
      const [certPath, keyPath] = createPaths();
      const extensions = ["-addext", "basicConstraints=critical,CA:FALSE"];
      if (names !== undefined) extensions.push("-addext", `subjectAltName=${names}`);
      await certify("-subj", subject, ...extensions, ...by, "-keyout", keyPath, "-out", certPath);
      return await read(certPath, keyPath);
    },
    async issueExpired(subject, names) {
      const [certPath, keyPath] = createPaths();
      const request = `${certPath}.request`;
      await openssl(
        "req",
        ...newKey,
        "-subj",
        subject,
        "-addext",
        `subjectAltName=${names}`,
        "-keyout",
        keyPath,
        "-out",
        request,
      );
      // `openssl req` refuses a negative number of days.
      await openssl("x509", "-req", "-in", request, ...by, "-days", "-1", "-copy_extensions", "copy", "-out", certPath);
      return await read(certPath, keyPath);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
