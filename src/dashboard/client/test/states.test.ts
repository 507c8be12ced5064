import { expect, test, vi } from "vitest";
import type { ClientOptions } from "../src/telemetryhub.js";
import { meet, pass, useVirtualTime, type Scene } from "./scene.js";

useVirtualTime();

interface Row {
  what: string;
  options?: ClientOptions;
  play(scene: Scene): Promise<unknown> | unknown;
  story: string[];
}

const subscribe = ({ client }: Scene): unknown => client.subscribe("#", () => {});

const rows: Row[] = [
  { what: "Nothing is done before there is something to do", play: () => {}, story: [] },
  { what: "The first subscription connects", play: subscribe, story: ["connecting:start", "live:opened"] },
  { what: "A publish connects", play: ({ client }) => client.publish("a", 1), story: ["connecting:start", "live:opened"] },
  {
    what: "A lost connection is resumed",
    async play(scene) {
      subscribe(scene);
      await pass();
      scene.hub.cut();
      await pass(1000);
    },
    story: ["connecting:start", "live:opened", "offline:lost", "resuming:lost", "live:opened"],
  },
  {
    what: "A hub that restarts says so",
    async play(scene) {
      subscribe(scene);
      await pass();
      scene.hub.cut(1012);
      await pass(1000);
    },
    story: ["connecting:start", "live:opened", "offline:shutdown", "resuming:shutdown", "live:opened"],
  },
  {
    what: "A hub that has too much to do is asked later",
    options: { transport: "sse" },
    async play(scene) {
      subscribe(scene);
      await pass();
      scene.hub.say({ type: "bye", reason: "overload" });
      await pass(1000);
    },
    story: ["connecting:start", "live:opened", "offline:overload", "resuming:overload", "live:opened"],
  },
  {
    what: "Nobody there",
    async play(scene) {
      Object.assign(scene.hub.up, { websocket: false, sse: false, poll: false });
      subscribe(scene);
      await pass(900);
    },
    story: ["connecting:start", "offline:refused"],
  },
  {
    what: "Somebody there who never answers",
    options: { transport: "websocket" },
    async play(scene) {
      scene.hub.mute.websocket = true;
      subscribe(scene);
      await pass(5000);
    },
    story: ["connecting:start", "offline:timeout"],
  },
  {
    what: "A connection on which nothing is heard for 2.5 heartbeats is dead",
    async play(scene) {
      subscribe(scene);
      await pass();
      scene.hub.mute.websocket = true;
      await pass(37_499);
      expect(scene.client.state).toBe("live");
      await pass(1);
    },
    story: ["connecting:start", "live:opened", "offline:silent"],
  },
  {
    what: "So is a stream",
    options: { transport: "sse" },
    async play(scene) {
      subscribe(scene);
      await pass(30_000);
      scene.hub.heartbeat();
      await pass(37_499);
      expect(scene.client.state).toBe("live");
      await pass(1);
    },
    story: ["connecting:start", "live:opened", "offline:silent"],
  },
  {
    what: "A quiet connection that answers pings lives",
    play: async (scene) => {
      await scene.client.publish("a", 1);
      await pass(3_600_000);
    },
    story: ["connecting:start", "live:opened"],
  },
  {
    what: "Without a subscription a lost connection is not missed",
    async play(scene) {
      await scene.client.publish("a", 1);
      scene.hub.cut();
      await pass(60_000);
    },
    story: ["connecting:start", "live:opened", "idle:unused"],
  },
  {
    what: "Closed is closed",
    async play(scene) {
      subscribe(scene);
      await pass();
      scene.client.close();
      scene.client.close();
      scene.client.reconnect();
      await pass(60_000);
      expect(() => subscribe(scene)).toThrow("closed");
      await expect(scene.client.publish("a", 1)).rejects.toMatchObject({ code: "closed" });
      expect(scene.hub.readers).toBe(0);
    },
    story: ["connecting:start", "live:opened", "closed:closed"],
  },
  {
    what: "Closed while it connects",
    async play(scene) {
      subscribe(scene);
      scene.client.close();
      await pass(60_000);
      expect(scene.hub.sockets.every((socket) => socket.readyState === 3)).toBe(true);
    },
    story: ["connecting:start", "closed:closed"],
  },
  {
    what: "Somebody who does not want to wait",
    async play(scene) {
      scene.hub.up.websocket = false;
      subscribe(scene);
      await pass();
      scene.hub.up.websocket = true;
      scene.client.reconnect();
      await pass();
    },
    options: { transport: "websocket" },
    story: ["connecting:start", "offline:refused", "connecting:woken", "live:opened"],
  },
];

test.each(rows)("$what", async ({ options, play, story }) => {
  vi.spyOn(Math, "random").mockReturnValue(0.99);
  const scene = meet(options);
  const played = play(scene);
  await pass();
  await played;
  await pass();
  expect(scene.story()).toEqual(story);
});

test("While it waits it says how long", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const { hub, client, changes } = meet({ transport: "websocket", backoff: { base: 200, cap: 1000 } });
  hub.up.websocket = false;
  client.subscribe("#", () => {});
  await pass(10_000);
  expect(changes.filter(({ state }) => state === "offline").map(({ retryIn }) => retryIn).slice(0, 6)).toEqual([100, 200, 400, 500, 500, 500]);
});

test("Waits go on growing when connections do not last, and start anew when they do", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const { hub, client, changes } = meet({ transport: "websocket" });
  client.subscribe("#", () => {});
  for (const [life, wait] of [[0, 500], [0, 1000], [4999, 2000], [5000, 500], [0, 1000]] as const) {
    await pass(life);
    expect(client.state).toBe("live");
    hub.cut();
    await pass();
    expect(changes.at(-1)).toMatchObject({ state: "offline", retryIn: wait });
    await pass(wait);
  }
});

test("A listener that throws disturbs nobody, and its error is not hidden", async () => {
  const { client, story } = meet();
  client.on("state", ({ state }) => {
    if (state === "connecting") throw new Error("theirs");
  });
  client.subscribe("#", () => {});
  await expect(pass()).rejects.toThrow("theirs");
  await pass();
  expect(story()).toEqual(["connecting:start", "live:opened"]);
});

test("A listener that was taken away hears nothing", async () => {
  const { client } = meet();
  const listener = vi.fn();
  client.on("state", listener)();
  client.subscribe("#", () => {});
  await pass();
  expect(listener).not.toHaveBeenCalled();
});
