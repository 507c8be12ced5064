import { EventSource } from "eventsource";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { connect, type Client, type ClientOptions, type HubEvent, type Transport } from "../src/telemetryhub.js";
import { HubProcess, program } from "./hubProcess.js";

/** Against a real hub; without one built, these are skipped. */
describe.skipIf(!program)("A real hub", { timeout: 60_000 }, () => {
  const clients: Client[] = [];
  let hub: HubProcess;

  beforeEach(async () => {
    hub = new HubProcess();
    await hub.start();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await hub.remove();
  });

  function meet(options: ClientOptions): Client {
    const client = connect(hub.origin, { WebSocket, backoff: { base: 50, cap: 500 }, ...options });
    clients.push(client);
    return client;
  }

  describe.each(["websocket", "sse", "poll"] as Transport[])("over %s", (transport) => {
    test("gives what was published, as it was published", async () => {
      const client = meet({ transport });
      const events: HubEvent[] = [];
      const all = new Promise<void>((resolve) => client.subscribe("plant/#", (event) => void (events.push(event) === 5 && resolve())));
      await live(client);
      await client.publish("plant/number", 21.5);
      await client.publish("plant/object", { temp: 21.5, nested: { ok: true } }, { qos: 2 });
      await client.publish("plant/text", "two\r\nlines ä€😀");
      await client.publish("plant/bytes", new Uint8Array([0, 255, 128]));
      await client.publish("plant/a b/%2B/ä", "", { qos: 0 });
      await all;
      expect(events.map(({ topic, payload, qos }) => [topic, payload, qos])).toEqual([
        ["plant/number", 21.5, 1],
        ["plant/object", { temp: 21.5, nested: { ok: true } }, 2],
        ["plant/text", "two\r\nlines ä€😀", 1],
        ["plant/bytes", new Uint8Array([0, 255, 128]), 1],
        ["plant/a b/%2B/ä", "", 0],
      ]);
    });

    test("does not mind a token, although it knows none, nor a large payload", async () => {
      const client = meet({ transport, getToken: () => "token" });
      const large = new Promise<unknown>((resolve) => client.subscribe("large", ({ payload }) => resolve(payload)));
      await live(client);
      await client.publish("large", "x".repeat(300_000));
      expect(await large).toBe("x".repeat(300_000));
      expect(client.state).toBe("live");
    });

    test("gives a snapshot and says where it ends", async () => {
      const client = meet({ transport });
      for (const [topic, value] of [["s/a", 1], ["s/b", 2], ["s/a", 3]] as const) await client.publish(topic, value);
      const story: unknown[] = [];
      await new Promise<void>((resolve) => {
        client.subscribe({ topics: "s/+", snapshot: true }, { onEvent: ({ payload }) => story.push(payload), onSnapshotEnd: resolve });
      });
      expect(story).toEqual([2, 3]);
    });

    test("says what is wrong with a subscription, for good", async () => {
      const client = meet({ transport });
      const wrong = (options: object): Promise<string> => new Promise((resolve) => {
        client.subscribe({ topics: "a", ...options }, { onClose: ({ message }) => resolve(message) });
      });
      expect(await wrong({ topics: "a/#/b" })).toContain("a/#/b");
      expect(await wrong({ where: "temp >" })).toContain("temp >");
      expect(await wrong({ since: "yesterday" })).toContain("yesterday");
    });

    test("tells another log by a reset and gives the snapshot of that one", async () => {
      const client = meet({ transport });
      await client.publish("r/a", 1);
      const story: unknown[] = [];
      await new Promise<void>((resolve) => {
        client.subscribe({ topics: "r/#", snapshot: true, since: "another-5" }, {
          onEvent: ({ payload }) => story.push(payload), onReset: ({ reason }) => story.push(reason), onSnapshotEnd: resolve,
        });
      });
      expect(story).toEqual(["epoch", 1]);
    });

    test("may be killed and stopped: what it has confirmed comes once, in order", async () => {
      const reader = meet({ transport });
      const seen: number[] = [];
      const last = new Promise<void>((resolve) => {
        reader.subscribe<number>("load/#", ({ payload }) => void (seen.push(payload) && payload === -1 && resolve()));
      });
      await live(reader);

      const writer = meet({});
      const kept = new Set<number>();
      let number = 0;
      for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
        await publishSome();
        const unanswered = publishSome();
        await hub.kill(signal);
        await hub.start();
        await unanswered;
      }
      await writer.publish("load/end", -1);
      await last;

      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((value) => kept.has(value))).toEqual([...kept].sort((a, b) => a - b));

      async function publishSome(): Promise<void> {
        await Promise.all(Array.from({ length: 50 }, () => ++number).map((mine) => writer.publish(`load/${mine % 3}`, mine).then(() => kept.add(mine), () => {})));
      }
    });
  });

  test("is followed by another program's EventSource across a restart", async () => {
    const writer = meet({});
    const seen: number[] = [];
    const source = new EventSource(`${hub.origin}/events?topic=load/%23`);
    const last = new Promise<void>((resolve) => {
      source.onmessage = ({ data }) => {
        const { payload } = JSON.parse(data as string) as { payload: number };
        if (seen.push(payload) && payload === 40) resolve();
      };
    });
    await new Promise((resolve) => source.onopen = resolve);
    for (let i = 1; i <= 20; i++) await writer.publish("load/a", i);
    await hub.kill();
    await hub.start();
    for (let i = 21; i <= 40; i++) await writer.publish("load/a", i);
    await last;
    source.close();
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });
});

function live(client: Client): Promise<void> {
  return new Promise((resolve) => {
    if (client.state === "live") resolve();
    client.on("state", ({ state }) => state === "live" && resolve());
  });
}
