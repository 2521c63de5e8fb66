/** The servers that have every scenario. */
export const serverKinds = ["our server", "the official server", "the official server through the proxy"] as const;

/** One of the servers. */
export type ServerKind = (typeof serverKinds)[number];

/** The servers that a page can reach: the official one has no gRPC-Web. */
export const pageServerKinds = ["our server", "the official server through the proxy"] as const;
