/** Pixels between a menu and the edge of the window; the menus' `max-height` leaves them free too. */
const edge = 8;

/** Places a menu at a point of the window, or as near to it as the window has room for all of the menu. */
export function placeInWindow(menu: HTMLElement, at: { readonly x: number; readonly y: number }): void {
  menu.style.left = `${Math.max(edge, Math.min(at.x, innerWidth - menu.offsetWidth - edge))}px`;
  menu.style.top = `${Math.max(edge, Math.min(at.y, innerHeight - menu.offsetHeight - edge))}px`;
}
