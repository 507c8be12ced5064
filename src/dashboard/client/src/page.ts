/** What the browser says about the page and the network. Nothing in Node.js. */
export interface PageWatcher {
  /** It is seen again, or the network is back. */
  woken(): void;
  hidden(): void;
}

/** Returns what ends the watching. */
export function watchPage(watcher: PageWatcher): () => void {
  if (typeof document === "undefined") return () => {};
  const visibility = (): void => document.hidden ? watcher.hidden() : watcher.woken();
  const woken = (): void => watcher.woken();
  document.addEventListener("visibilitychange", visibility);
  addEventListener("online", woken);
  addEventListener("pageshow", woken); // back out of the back/forward cache, where connections are cut
  return () => {
    document.removeEventListener("visibilitychange", visibility);
    removeEventListener("online", woken);
    removeEventListener("pageshow", woken);
  };
}
