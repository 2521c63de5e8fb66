import { createHeaderFilter, forwardedByDefault, withoutHeaders, type HeaderFilter } from "./headers.ts";

/**
 * The credentials for an upstream: the caller's own (`forward`), others (`replace`), or none. Callers get the
 * credentials that the upstream returns, such as cookies and tokens, only with `forward`.
 */
export type UpstreamCredentials =
  | { readonly kind: "forward" }
  /** `authorization` is the header's value, such as `Bearer …`. */
  | { readonly kind: "replace"; readonly authorization: string }
  | { readonly kind: "none" };

/** The filters for headers between callers and the upstream. */
export interface HeaderFilters {
  readonly filterRequest: HeaderFilter;
  readonly filterAnswer: HeaderFilter;
}

/** Request headers with credentials. */
const credentialHeaders = ["authorization", "auth-token-bin", "cookie"];

/** Response headers that contain or request credentials. */
const credentialAnswers = ["authorization", "auth-token-bin", "set-cookie", "www-authenticate"];

/** Creates the filters. @param forwardHeaders - names of request headers to forward, besides the default ones */
export function planHeaders(credentials: UpstreamCredentials, forwardHeaders: readonly string[]): HeaderFilters {
  const passing = [...forwardedByDefault, ...forwardHeaders];
  const filterAnswer = createHeaderFilter(["*"]);
  if (credentials.kind === "forward") {
    return { filterRequest: createHeaderFilter([...credentialHeaders, ...passing]), filterAnswer };
  }
  const withoutCredentials = withoutHeaders(createHeaderFilter(passing), credentialHeaders);
  return {
    filterAnswer: withoutHeaders(filterAnswer, credentialAnswers),
    filterRequest: (header) => {
      const sent = withoutCredentials(header);
      if (credentials.kind === "replace") sent.set("authorization", credentials.authorization);
      return sent;
    },
  };
}
