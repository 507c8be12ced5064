import { afterEach, beforeEach, vi } from "vitest";
import { connect, type Client, type ClientOptions, type StateChange } from "../src/telemetryhub.js";
import { FakeHub } from "./fakeHub.js";

/** Virtual time for every test of the file, and no client that outlives its test. */
export function useVirtualTime(): void {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });
}

const clients: Client[] = [];

export interface Scene {
  hub: FakeHub;
  client: Client;
  changes: StateChange[];
  /** `state:reason`, one for each change. */
  story(): string[];
}

export function meet(options: ClientOptions = {}, hub = new FakeHub()): Scene {
  const client = connect("http://hub.test/events", { WebSocket: hub.WebSocket, fetch: hub.fetch, ...options });
  clients.push(client);
  const changes: StateChange[] = [];
  client.on("state", (change) => changes.push(change));
  return { hub, client, changes, story: () => changes.map(({ state, reason }) => `${state}:${reason}`) };
}

// Streams hand over by turns of the event loop that no fake timer drives.
const realSetImmediate = setImmediate;

/** Lets everything happen that is due within this time. */
export async function pass(milliseconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => realSetImmediate(resolve));
    await vi.advanceTimersByTimeAsync(0);
  }
}
