import { useEffect, useId, useRef, type ReactNode } from "react";
import { Announcer } from "./announcer.tsx";
import { focusHome } from "./focus.ts";
import "./dialog.css";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** What is at the bottom: the buttons that answer it. */
  readonly actions: ReactNode;
  /** Whether it is a short question, which is read as a whole. */
  readonly isQuestion?: boolean;
  onClose(): void;
}

/** A dialog above the page, which Escape closes. */
export function Dialog({ title, children, actions, isQuestion = false, onClose }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  /** Whether the pointer has been pressed beside it: whoever selects text may let go there. */
  const isPressed = useRef(false);
  useEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      // What is taken out of the page gives the focus back to nobody.
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      {...focusHome}
      aria-label={title}
      aria-describedby={isQuestion ? id : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => void (isPressed.current = event.target === dialog.current)}
      onClick={(event) => isPressed.current && event.target === dialog.current && onClose()}
    >
      <div className="dialog">
        <h2>{title}</h2>
        <div className="dialog-content" id={id}>
          {children}
        </div>
        <div className="actions">{actions}</div>
      </div>
      <Announcer />
    </dialog>
  );
}
