import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const client = join(import.meta.dirname, "..");
const dist = join(client, "dist");

test("What the hub serves is what the sources make (npm run build)", () => {
  const folder = mkdtempSync(join(tmpdir(), "telemetryhub-client-"));
  try {
    execFileSync(process.execPath, [join(client, "build.mjs"), folder]);
    for (const file of ["telemetryhub.js", "telemetryhub.d.ts"]) expect(readFileSync(join(dist, file), "utf8")).toBe(readFileSync(join(folder, file), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test("It is a few KB", () => expect(gzipSync(readFileSync(join(dist, "telemetryhub.js"))).length).toBeLessThan(6 * 1024));

test("It runs as it is served", async () => {
  const { connect } = await import("../dist/telemetryhub.js");
  expect(connect("http://hub.test").state).toBe("idle");
});

test("Sources, tests and the published types fit together", () => {
  execFileSync(process.execPath, [join(client, "node_modules/typescript/bin/tsc"), "-p", client], { stdio: "inherit" });
}, 60_000);
