/** Calls a unary method by Connect's JSON protocol, as curl would; gives the status and what came back. */
export async function callJson(
  url: string,
  method: string,
  request: unknown,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const response = await fetch(`${url}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The names that `hangar.v1.DatasetService` lists. */
export async function listDatasets(url: string): Promise<string[]> {
  const { body } = await callJson(url, "hangar.v1.DatasetService/ListDatasets", {});
  return ((body["datasets"] ?? []) as { name: string }[]).map(({ name }) => name);
}
