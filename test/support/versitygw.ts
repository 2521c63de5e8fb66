import { ensureGoTool } from "../../scripts/go-tools.ts";
import { startChild } from "./child.ts";
import type { S3Program } from "./s3-server.ts";

/** Versity's gateway: any number of processes over one folder. */
export const versitygw: S3Program = {
  gatewayCountFor: (count) => count,
  // It keeps objects in folders, too.
  nesting: "refused by the commit",
  async prepare(folder, ports, { user, password }) {
    const program = await ensureGoTool("versitygw");
    const env = { ROOT_ACCESS_KEY: user, ROOT_SECRET_KEY: password };
    return (gateway) => {
      const address = `127.0.0.1:${ports[gateway]}`;
      return startChild(program, ["--keep-alive", "--quiet", "--port", address, "posix", folder], env);
    };
  },
};
