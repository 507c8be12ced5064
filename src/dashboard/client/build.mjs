// Makes telemetryhub.js and telemetryhub.d.ts in the folder that is named: `node build.mjs dist`. What it makes depends on nothing but the sources and package-lock.json.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const folder = resolve(process.argv[2] ?? "dist");
const here = dirname(fileURLToPath(import.meta.url));
const banner = "// The JavaScript client of TelemetryHub: MIT license, types in telemetryhub.d.ts, sources in src/dashboard/client.";
const types = mkdtempSync(join(tmpdir(), "telemetryhub-types-"));
try {
  // The entry has all that is public, so its declarations stand alone.
  const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", join(here, "src"), "--outDir", types];
  execFileSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "-p", join(here, "tsconfig.build.json"), ...options], { stdio: "inherit" });
  await build({
    input: join(here, "src/telemetryhub.ts"),
    output: { file: join(folder, "telemetryhub.js"), format: "es", minify: true, postBanner: banner },
    transform: { target: "es2022" },
    logLevel: "warn",
  });
  copyFileSync(join(types, "telemetryhub.d.ts"), join(folder, "telemetryhub.d.ts"));
} finally {
  rmSync(types, { recursive: true });
}
