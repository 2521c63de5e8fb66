import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { runHangar } from "../cli/run-hangar.ts";
import { useBuckets } from "../support/buckets.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar } from "../support/server.ts";

const buckets = useBuckets({ gatewayCount: 2 });

test("two servers over one bucket, by two gateways, are one store", async () => {
  const place = buckets.createPlace();
  await using folder = await createTemporaryFolder();
  const config = join(folder.path, "hangar.toml");
  const { url, endpoint } = place(1);
  await writeFile(
    config,
    `repo = "${url}"\ns3-endpoint = "${endpoint}"\ns3-region = "us-east-1"\ns3-path-style = true\n`,
  );
  await using first = await startHangar("--repo", url, "--s3-endpoint", place(0).endpoint);
  const serve = ["serve", "--host", "127.0.0.1", "--port", "0", "--config", config];
  await using child = startChild(process.execPath, [hangarProgram, ...serve]);
  const [, authority] = await child.waitFor(/grpc:\/\/([\d.:]+)/);
  const second = { location: `grpc://${authority}`, url: `http://${authority}` };
  const [writer, reader] = [connect(first.location), connect(second.location)];
  try {
    await writer.put("sales/2026", tableFromArrays({ n: [1, 2, 3] }));
    expect(await reader.info("sales/2026")).toMatchObject({ rowCount: 3 });
    expect((await reader.get("sales/2026").table()).numRows).toBe(3);
    await expect(reader.put("sales/2026", tableFromArrays({ n: [1] }), { mode: "create" })).rejects.toMatchObject({
      code: "already_exists",
    });
    const file = await (await fetch(`${second.url}/datasets/sales/2026`)).bytes();
    const sent = await fetch(`${first.url}/datasets/copy`, { method: "PUT", body: file });
    expect(sent.status).toBe(201);
    expect(await (await fetch(`${second.url}/datasets/copy`)).bytes()).toEqual(file);
    await reader.drop("sales/2026");
    await expect(writer.info("sales/2026")).rejects.toMatchObject({ code: "not_found" });
    for (const { url } of [first, second]) {
      // A busy bucket may take longer than a probe waits.
      await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
    }
  } finally {
    for (const client of [writer, reader]) client.close();
  }
});

test.each([
  [
    "a bucket that is not there",
    ["--repo", "s3://nowhere"],
    1,
    "s3://nowhere cannot be opened: the server's bucket does not exist",
  ],
  ["a place that is none", ["--repo", "s3://"], 2, "s3:// is not of the form s3://bucket or s3://bucket/prefix"],
  [
    "a prefix that is none",
    ["--repo", "s3://datasets/a//b"],
    2,
    "the prefix of s3://datasets/a//b has an empty segment",
  ],
] as const)("does not start over %s", async (_what, args, exitCode, problem) => {
  const serve = ["serve", "--port", "0", ...args, "--s3-endpoint", buckets.server.endpoints[0]!];
  const ended = await runHangar(serve, { url: "" });
  expect([ended.exitCode, ended.stderr]).toEqual([exitCode, expect.stringContaining(problem)]);
});

test("flags of a bucket need a bucket", async () => {
  const ended = await runHangar(["serve", "--port", "0", "--s3-region", "eu-central-1"], { url: "" });
  expect([ended.exitCode, ended.stderr]).toEqual([2, "hangar: --s3-region needs --repo s3://…\n"]);
});
