/* The headers and trailers that Hangar adds to Flight's. Each name is defined only here. */

/** The request header with the mode of a put: `create`, `replace` or `append`. Other servers ignore it. */
export const putModeHeader = "hangar-put-mode";

/** The request header that identifies an append. An append that is repeated with the same id is stored once. */
export const idempotencyKeyHeader = "idempotency-key";

/** The request header with the number of rows of a put. A put with another number of rows fails. */
export const rowCountHeader = "hangar-row-count";

/** The response trailer that tells what a put did: `created` or `replaced`. Other servers do not send it. */
export const putResultTrailer = "hangar-put-result";

/** The request header with the upstream of a ticket, for a proxy. An endpoint names the upstream. */
export const upstreamHeader = "hangar-upstream";
