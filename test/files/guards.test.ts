import { describe, expect, test } from "vitest";
import { run, useFilesServer } from "./files-server.ts";

const files = useFilesServer("--cors-origin", "https://app.example");

describe("files are guarded as calls are", () => {
  test("against other hosts, and other methods", async () => {
    const { stdout } = await run("curl", [
      "-s",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "-H",
      "host: evil.example",
      files.urlOf("x"),
    ]);
    expect(stdout).toBe("403");
    const answer = await fetch(files.urlOf("table.parquet"), { method: "POST", body: "x" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, PUT, DELETE"]);
  });

  test("against pages of other origins, but for those that may", async () => {
    const preflight = async (origin: string) => {
      const headers = { origin, "access-control-request-method": "PUT" };
      const args = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
      return (await run("curl", ["-s", "-i", "-X", "OPTIONS", ...args, files.urlOf("x")])).stdout;
    };
    expect(await preflight("https://app.example")).toMatch(/access-control-allow-methods: .*PUT,DELETE/i);
    expect(await preflight("https://evil.example")).not.toMatch(/access-control-allow-origin/i);
  });
});
