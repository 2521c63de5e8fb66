import type { S3 } from "@aws-sdk/client-s3";
import type { DatasetName } from "../../dataset/index.ts";
import type { BucketLocation } from "./bucket-location.ts";
import { connectionCountMax, connectMsMax, silenceMsMax } from "./limits.ts";

/** The address of a bucket. */
export interface BucketAddress {
  /** The URL of an S3 server other than Amazon's, such as `http://127.0.0.1:9000`. */
  readonly endpoint?: string | undefined;
  /** The region; by default as the AWS environment or profile has it, or `us-east-1`. */
  readonly region?: string | undefined;
  /**
   * Whether the bucket's name is in the path of a URL; by default with an endpoint, because most other servers need it.
   */
  readonly usesPathStyle?: boolean | undefined;
}

/** The objects below a prefix of a bucket: the S3 client, and the parameters of every request. */
export interface Objects {
  readonly s3: S3;
  readonly location: BucketLocation;
  /** Whether clients may download objects from the bucket themselves. */
  readonly givesDownloads?: boolean;
  /** Called with the number of bytes of each chunk that a read receives. */
  readonly onReceived?: ((byteLength: number) => void) | undefined;
}

/** Loads the S3 client. It uses the credentials of the AWS chain: environment, profile, web identity, instance. */
export async function connectBucket(
  location: BucketLocation,
  { endpoint, region, usesPathStyle = endpoint !== undefined }: BucketAddress,
): Promise<Objects> {
  const { S3 } = await import("@aws-sdk/client-s3");
  const agent = { keepAlive: true, maxSockets: connectionCountMax };
  // Servers other than Amazon's accept any region.
  const known = region ?? (endpoint === undefined ? undefined : "us-east-1");
  const s3 = new S3({
    ...(known !== undefined && { region: known }),
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: usesPathStyle,
    // Other servers do not support the client's additional checksums. The signature covers the bytes.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // `repeat` handles retries: it also repeats truncated answers, and can tell what a lost answer means.
    maxAttempts: 1,
    // By default, the client puts the handlers of each request together again.
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: connectMsMax,
      socketTimeout: silenceMsMax,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
  if (!needsSignedBodies(endpoint)) s3.middlewareStack.use(unsignedBodies);
  return { s3, location };
}

/**
 * Returns whether the signature of a request must include a hash of its body: somebody on the way could change it. The
 * hash takes more CPU time than sending.
 */
function needsSignedBodies(endpoint: string | undefined): boolean {
  const { protocol, hostname } = new URL(endpoint ?? "https://amazonaws.com");
  const isLocal = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return protocol !== "https:" && !isLocal;
}

/** Signs requests without their bodies, as S3 allows. */
const unsignedBodies: Parameters<S3["middlewareStack"]["use"]>[0] = {
  applyToStack(stack) {
    stack.add(
      (next) => async (args) => {
        const { headers, body } = args.request as { headers: Record<string, string>; body?: unknown };
        if (body instanceof Uint8Array) headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
        return await next(args);
      },
      { step: "build", name: "unsignedBodies" },
    );
  },
};

/** Returns the parameters of requests for a dataset's object. */
export function objectOf({ location }: Objects, name: DatasetName): { Bucket: string; Key: string } {
  return { Bucket: location.bucket, Key: location.keyPrefix + name };
}
