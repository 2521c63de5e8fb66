import { join } from "node:path";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { startChild } from "./child.ts";
import type { S3Program } from "./s3-server.ts";

/** A cluster of four MinIO nodes. Objects are on the drives of all of them. */
export const minio: S3Program = {
  gatewayCountFor: () => 4,
  nesting: "not listed",
  async prepare(folder, ports, { user, password }) {
    const program = await ensureGoTool("minio");
    const drives = ports.map((port, i) => `http://127.0.0.1:${port}${join(folder, `drive-${i}`)}`);
    return (gateway) => {
      const address = `127.0.0.1:${ports[gateway]}`;
      const env = {
        MINIO_ROOT_USER: user,
        MINIO_ROOT_PASSWORD: password,
        // Otherwise, it refuses drives that are folders of the system's own drive.
        MINIO_CI_CD: "1",
        // Otherwise, it waits in a container until its host's name is not one of this machine.
        _MINIO_SERVER_LOCAL: address,
      };
      return startChild(program, ["server", "--quiet", "--address", address, ...drives], env);
    };
  },
};
