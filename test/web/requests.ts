import type { Page, Route } from "playwright";

/** Holds each request that a pattern matches until `wait` is done. */
export const holdRequests = (page: Page, pattern: string, wait: () => Promise<unknown>): Promise<unknown> =>
  page.route(pattern, async (route) => {
    await wait();
    await ifStillOurs(() => route.continue());
  });

/** Ends each request that a pattern matches as if no server were there; the first ones only, if `times` is given. */
export const refuseRequests = (page: Page, pattern: string, times = Infinity): Promise<unknown> =>
  page.route(pattern, (route: Route) => ifStillOurs(() => route.abort("connectionrefused")), { times });

/** `page.unroute` sends on what is under way by itself, and a page that is closed drops it: then nothing is left to do. */
async function ifStillOurs(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!/already handled|has been closed/.test(String(error))) throw error;
  }
}
