import { lazy, type ComponentType, type ReactNode } from "react";
import { loadPart } from "../state/use-load.ts";

/** How often someone has asked to try again what failed. */
let againCount = 0;

/** Parts that could not be loaded are loaded again when they are drawn next. */
export function loadPartsAgain(): void {
  againCount += 1;
}

/**
 * A component that is loaded when it is first drawn. While it loads, it suspends. If it cannot be loaded, it throws, until
 * someone tries again: React's own `lazy` would keep the failure for good.
 *
 * @param load - imports the component
 * @throws FlightError UNAVAILABLE where it does not come, because the server is gone, or has another version of the app
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const attempt = () => {
    const made = {
      failedAt: Infinity,
      Part: lazy(async () => {
        try {
          return { default: await loadPart(load()) };
        } catch (reason) {
          made.failedAt = againCount;
          throw reason;
        }
      }),
    };
    return made;
  };
  let current = attempt();
  return function LazyPart(props: Props): ReactNode {
    if (current.failedAt < againCount) current = attempt();
    const Part = current.Part as ComponentType<Props>;
    return <Part {...props} />;
  };
}
