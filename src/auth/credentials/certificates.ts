import { FlightError } from "../../flight/index.ts";
import type { ClientCertificate, Identity } from "../../producer/index.ts";
import type { ClientCertificates } from "../access-config.ts";
import { identityOf } from "./password-bearer.ts";

/**
 * Returns the principal of a client certificate.
 *
 * @throws FlightError UNAUTHENTICATED if no principal matches
 */
export function principalOf(
  { subject, names }: ClientCertificate,
  { principals }: Pick<ClientCertificates, "principals">,
): Identity {
  const found = principals.find(({ match }) => match === subject || names.includes(match));
  if (found === undefined) throw new FlightError("unauthenticated", "the client certificate matches no principal");
  return identityOf(found);
}
