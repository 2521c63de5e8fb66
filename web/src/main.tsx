import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./base.css";
import { App } from "./app.tsx";
import { ErrorBoundary } from "./ui/error-boundary.tsx";

createRoot(document.querySelector("#app")!).render(
  <StrictMode>
    <ErrorBoundary isPage>
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
