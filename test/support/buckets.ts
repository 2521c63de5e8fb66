import { S3 } from "@aws-sdk/client-s3";
import { afterAll, beforeAll } from "vitest";
import { openBucketStorage, type BucketStorageOptions } from "../../src/storage/index.ts";
import { startS3Server, type S3Server } from "./s3-server.ts";
import type { TestStorage } from "./storages.ts";

/** The S3 server of a test file. */
export interface Buckets {
  /** Makes an empty place. Returns its address by one gateway or another. */
  createPlace(): (gateway?: number) => BucketStorageOptions & { readonly url: string; readonly endpoint: string };
  /** Opens an empty place as a storage. */
  openStorage(): Promise<TestStorage>;
  /** How many multipart uploads are unfinished. */
  countUploads(): Promise<number>;
  /** The server, once the tests run. */
  readonly server: S3Server;
}

/** Starts an S3 server before the tests of a file, which each have a place of their own in its bucket. */
export function useBuckets({ gatewayCount = 1 }: { gatewayCount?: number } = {}): Buckets {
  let server: S3Server | undefined;
  let placeCount = 0;
  const started = (): S3Server => {
    if (server === undefined) throw new Error("the S3 server runs only within tests");
    return server;
  };
  // The first call on a machine builds the server.
  beforeAll(async () => void (server = await startS3Server(gatewayCount)), 900_000);
  afterAll(async () => await server?.[Symbol.asyncDispose]());
  const createPlace: Buckets["createPlace"] = () => {
    const url = `s3://${started().bucket}/place-${++placeCount}`;
    return (gateway = 0) => ({ url, endpoint: started().endpoints[gateway % started().endpoints.length]! });
  };
  return {
    get server() {
      return started();
    },
    createPlace,
    async openStorage() {
      const storage = await openBucketStorage(createPlace()());
      return { storage, [Symbol.asyncDispose]: () => storage.close() };
    },
    async countUploads() {
      const s3 = new S3({ endpoint: started().endpoints[0]!, region: "us-east-1", forcePathStyle: true });
      const { Uploads = [] } = await s3.listMultipartUploads({ Bucket: started().bucket });
      s3.destroy();
      return Uploads.length;
    },
  };
}
