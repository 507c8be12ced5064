import type { ClientOptions, Transport } from "./telemetryhub.js";

/** The options with everything that was left out. Times in milliseconds. */
export interface Settings {
  readonly url: URL;
  readonly transports: readonly Transport[];
  readonly getToken: ClientOptions["getToken"];
  readonly credentials: RequestCredentials;
  readonly heartbeat: number;
  readonly base: number;
  readonly cap: number;
  readonly connectTimeout: number;
  readonly publishTimeout: number;
  readonly pauseAfter: number | undefined;
  readonly WebSocket: typeof WebSocket | undefined;
  readonly fetch: typeof fetch;
}

export function settle(address: string | URL, options: ClientOptions): Settings {
  const url = new URL(address, typeof location === "undefined" ? undefined : location.href);
  url.protocol = url.protocol.replace("ws", "http");
  url.search = url.hash = "";
  url.pathname = url.pathname.replace(/\/$/, "") || "/events";

  const Socket = (options.WebSocket ?? globalThis.WebSocket) as typeof WebSocket | undefined;
  const wanted: readonly Transport[] = options.transport ? [options.transport].flat() as Transport[] : ["websocket", "sse", "poll"];
  const pause = options.pauseWhenHidden;
  return {
    url,
    transports: wanted.filter((transport) => Socket || transport !== "websocket"),
    getToken: options.getToken,
    credentials: options.withCredentials ? "include" : "same-origin",
    heartbeat: (options.heartbeat ?? 15) * 1000,
    base: options.backoff?.base ?? 1000,
    cap: options.backoff?.cap ?? 30_000,
    connectTimeout: options.connectTimeout ?? 5000,
    publishTimeout: options.publishTimeout ?? 30_000,
    pauseAfter: pause === true ? 0 : pause === false ? undefined : pause,
    WebSocket: Socket,
    // Called as a method of something else, the browser's own one throws.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  };
}
