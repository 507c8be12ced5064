import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Transport } from "../src/telemetryhub.js";
import { HubProcess, program } from "./hubProcess.js";

const chrome = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);

/** In Debian's Chromium against a real hub; without one or the other, these are skipped. */
describe.skipIf(!program || !chrome)("In a browser", { timeout: 60_000 }, () => {
  let browser: Browser;
  let hub: HubProcess;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => void (browser = await chromium.launch({ executablePath: chrome!, args: ["--no-sandbox"] }))); // all pages are our own
  afterAll(() => browser.close());

  beforeEach(async () => {
    hub = new HubProcess();
    await hub.start();
    complaints.length = 0;
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      const isExpected = message.text().includes("net::ERR_") || message.location().url.endsWith("/favicon.ico");
      if (message.type() === "error" && !isExpected) complaints.push(message.text());
    });
  });

  afterEach(async () => {
    await page.close();
    await hub.remove();
    expect(complaints).toEqual([]);
  });

  async function publish(topic: string, ...payloads: unknown[]): Promise<void> {
    for (const payload of payloads) {
      const lines = `${JSON.stringify({ topic, payload })}\n`;
      const answer = await fetch(`${hub.origin}/events`, { method: "POST", body: lines, headers: { "Content-Type": "application/x-ndjson" } });
      expect(answer.ok).toBe(true);
    }
  }

  describe.each(["websocket", "sse", "poll"] as Transport[])("over %s", (transport) => {
    test("the client loses nothing and doubles nothing when the hub is killed and comes back", async () => {
      await page.goto(`${hub.origin}/health/live`);
      await page.evaluate(follow(transport)); // as text: what is compiled for the tests does not run there
      await publish("load/a", 2, 3);
      await hub.kill();
      await hub.start();
      await publish("load/b", 4, 5);
      await page.waitForFunction("seen.includes(5)");
      expect(await page.evaluate("seen")).toEqual([1, 2, 3, 4, 5]);
    });
  });

  describe("the built-in page", () => {
    const row = (topic: string): string => `tbody tr:has-text("${topic}") td.value`;

    test("shows what there is and what comes, and what it was told is no markup", async () => {
      await publish("plant/oven-1", { temp: 21.5, ok: true });
      await page.goto(hub.origin);
      await page.waitForSelector(row("plant/oven-1"));
      expect(await page.textContent(row("plant/oven-1"))).toBe("temp 21.5 · ok true");
      expect(await page.textContent("#state")).toBe("live");

      const evil = "<img src=x onerror=alert(1)>";
      await publish(evil, evil);
      await page.waitForSelector(`#stream li:has-text("onerror")`);
      expect(await page.locator("main img").count()).toBe(0);
      expect(await page.textContent("tbody tr:has-text('onerror') td.value")).toBe(evil);
    });

    test("goes on where it was when the hub comes back, and begins anew with another log", async () => {
      await page.goto(`${hub.origin}/?topic=a/%23`);
      await page.waitForSelector('#state[data-state="live"]');
      await publish("a/x", 1);
      await page.waitForSelector(row("a/x"));
      await hub.kill();
      await page.waitForSelector('#state[data-state="resuming"]');
      await hub.start();
      await publish("a/x", 2, 3);
      await page.waitForSelector(`${row("a/x")}:has-text("3")`);
      expect(await page.locator("#stream li:not(.note) span:last-child").allTextContents()).toEqual(["3", "2", "1"]);

      await hub.kill();
      hub.forget();
      await hub.start();
      await publish("a/y", 4);
      await page.waitForSelector(row("a/y"));
      expect(await page.locator("tbody tr").count()).toBe(1);
      expect(await page.textContent("#stream .note")).toContain("another log");
    });

    test("says what is wrong with a filter, and follows a right one", async () => {
      await page.goto(hub.origin);
      await page.fill("#filter", "a/#/b");
      await page.click("text=Follow");
      await page.waitForSelector("#message:has-text('a/#/b')");
      expect(await page.getAttribute("#filter", "aria-invalid")).toBe("true");
      await publish("a/x", 1);
      await page.fill("#filter", "a/+, b/+");
      await page.press("#filter", "Enter");
      await page.waitForSelector(row("a/x"));
      expect(new URL(page.url()).searchParams.getAll("topic")).toEqual(["a/+", "b/+"]);
      expect(await page.textContent("#message")).toBe("");
    });

    test("stands still while it pauses, and then shows what has come", async () => {
      await page.goto(hub.origin);
      await page.waitForSelector('#state[data-state="live"]');
      await page.click("#pause");
      await publish("a/x", 1, 2);
      await page.waitForSelector("#events:has-text('2')");
      expect(await page.locator("#stream li").count()).toBe(0);
      await page.click("#pause");
      await page.waitForSelector(row("a/x"));
      expect(await page.locator("#stream li").count()).toBe(2);
    });
  });
});

const follow = (transport: Transport): string => `(async () => {
  const { connect } = await import("/client/telemetryhub.js");
  const client = connect("/", { transport: "${transport}", backoff: { base: 50, cap: 500 } });
  globalThis.seen = [];
  client.subscribe("load/#", ({ payload }) => seen.push(payload));
  await new Promise((resolve) => client.on("state", ({ state }) => state === "live" && resolve()));
  await client.publish("load/a", 1);
})()`;
