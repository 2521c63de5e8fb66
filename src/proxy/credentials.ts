import { createHeaderFilter, forwardedByDefault, withoutHeaders, type HeaderFilter } from "./headers.ts";

/**
 * By which credentials an upstream is called: those that the caller has shown (`forward`), others in their place
 * (`replace`), or none. Only where they are forwarded do callers get what the upstream gives for them: cookies and tokens.
 */
export type UpstreamCredentials =
  | { readonly kind: "forward" }
  /** `authorization` is the header's value, such as `Bearer …`. */
  | { readonly kind: "replace"; readonly authorization: string }
  | { readonly kind: "none" };

/** What passes between callers and the upstream. */
export interface HeaderFilters {
  readonly filterRequest: HeaderFilter;
  readonly filterAnswer: HeaderFilter;
}

/** By which callers show who they are. */
const credentialHeaders = ["authorization", "auth-token-bin", "cookie"];

/** By which a server gives or asks for credentials. */
const credentialAnswers = ["authorization", "auth-token-bin", "set-cookie", "www-authenticate"];

/** @param forwardHeaders - names of request headers that pass besides those that always do */
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
