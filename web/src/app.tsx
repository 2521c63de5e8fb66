import { Suspense, useEffect } from "react";
import { DatasetPage } from "./dataset/dataset-page.tsx";
import { ListPage } from "./list/list-page.tsx";
import { useConnection } from "./state/connection.ts";
import { freshView, useView } from "./state/navigate.ts";
import { loadSession, useSession } from "./state/session.ts";
import { useToast } from "./state/toast.ts";
import { SessionButtons } from "./sign-in/session-buttons.tsx";
import { Announcer } from "./ui/announcer.tsx";
import { keepFocus } from "./ui/focus.ts";
import { ErrorBoundary } from "./ui/error-boundary.tsx";
import { ViewLink } from "./ui/link.tsx";
import { Loading } from "./ui/message.tsx";
import { DropZone } from "./upload/drop-zone.tsx";
import { UploadPanel } from "./upload/upload-panel.tsx";
import { ThemeButton } from "./ui/theme-button.tsx";
import { lazyPart } from "./ui/lazy-part.tsx";
import "./app.css";

const SignInPage = lazyPart(async () => (await import("./sign-in/sign-in-page.tsx")).default);

/** The page: a bar above the list of datasets, or one dataset. */
export function App() {
  const { dataset } = useView();
  const { isLost } = useConnection();
  const { isAsked } = useSession();
  const toast = useToast();
  useEffect(() => void loadSession(), []);
  useEffect(keepFocus, []);
  return (
    <>
      <header className="bar">
        <ViewLink to={freshView(undefined)} className="brand" aria-label="Hangar, all datasets">
          <Mark />
          Hangar
        </ViewLink>
        <span className="bar-space" />
        <DropZone />
        <SessionButtons />
        <ThemeButton />
      </header>
      {isLost && (
        <p className="banner" role="status">
          The server cannot be reached. This page goes on by itself when it is back.
        </p>
      )}
      <div className="page">
        {isAsked ? (
          <ErrorBoundary isPage>
            <Suspense fallback={<Loading isPage what="the sign-in page" />}>
              <SignInPage />
            </Suspense>
          </ErrorBoundary>
        ) : dataset === undefined ? (
          <ListPage />
        ) : (
          <DatasetPage key={dataset} name={dataset} />
        )}
      </div>
      <UploadPanel />
      <Announcer />
      <div role="status">{toast !== undefined && <p className="toast">{toast}</p>}</div>
    </>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M4 26V15a12 9 0 0 1 24 0v11M11 26v-8h10v8M16 18v8" />
    </svg>
  );
}
