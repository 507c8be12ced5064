import type { HubError } from "./telemetryhub.js";

export function hubError(code: string, message?: string): HubError {
  return Object.assign(new Error(message || code), { name: "HubError", code });
}

/** An error in somebody's handler is theirs: it is reported as uncaught and changes nothing here. */
export function guarded<A extends unknown[]>(handler: ((...args: A) => void) | undefined, ...args: A): void {
  try {
    handler?.(...args);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
