import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const builds = ["Release", "Debug"].map((kind) => join(import.meta.dirname, `../../../TelemetryHub.Server/bin/${kind}/net10.0/TelemetryHub.Server.dll`));

/** The hub as it was built last by `dotnet build`; undefined when it was not. */
export const program = builds.filter(existsSync).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];

/** The hub as a process of its own, which can be killed and started again on the same address and data. */
export class HubProcess {
  #process: ChildProcess | undefined;
  #address = "127.0.0.1:0";
  readonly #folder = mkdtempSync(join(tmpdir(), "telemetryhub-"));

  get origin(): string {
    return `http://${this.#address}`;
  }

  async start(): Promise<void> {
    const options = [`--Http:Listen=${this.#address}`, "--Mqtt:Listen=127.0.0.1:0", "--Feeds:RetryDelay=50ms", "--Log:Level=error"];
    const child = spawn("dotnet", [program!, ...options], { cwd: this.#folder, stdio: ["ignore", "pipe", "inherit"] });
    this.#process = child;
    this.#address = await new Promise<string>((resolve, reject) => {
      child.once("exit", () => reject(new Error("The hub did not start.")));
      createInterface(child.stdout).on("line", (line) => {
        const address = /^ *http +http:\/\/(.*)$/.exec(line)?.[1];
        if (address) resolve(address);
      });
    });
  }

  /** SIGKILL: nothing is said to anybody. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const ended = once(this.#process!, "exit");
    this.#process!.kill(signal);
    await ended;
  }

  /** Removes its data: it will be another log. */
  forget(): void {
    rmSync(join(this.#folder, "data"), { recursive: true });
  }

  async remove(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}
