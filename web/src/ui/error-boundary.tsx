import { Component, type ReactNode } from "react";
import { toFlightError } from "hangar/flight";
import { loadPartsAgain } from "./lazy-part.tsx";
import { Failure } from "./message.tsx";

interface Props {
  readonly children: ReactNode;
  readonly isPage?: boolean;
}

/** Shows what a part of the page failed by in its place, and leaves the rest of the page as it is. */
export class ErrorBoundary extends Component<Props, { readonly reason: unknown }> {
  override state = { reason: undefined };

  static getDerivedStateFromError(reason: unknown): { readonly reason: unknown } {
    return { reason };
  }

  override render(): ReactNode {
    const { reason } = this.state;
    if (reason === undefined) return this.props.children;
    const again = (): void => {
      loadPartsAgain();
      this.setState({ reason: undefined });
    };
    return (
      <Failure
        what="This page has failed"
        error={toFlightError(reason)}
        retry={again}
        {...(this.props.isPage && { isPage: true })}
      />
    );
  }
}
