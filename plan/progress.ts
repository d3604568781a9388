import { writeSync } from "node:fs";

/** How long a command may be silent. */
const patienceMs = 1000;

/**
 * A line on the terminal that says how far a slow command has come. Written at once, not by timers: recording a program
 * leaves them no time.
 */
export class Progress {
    private shown = false;
    private last = 0;

    constructor(private readonly stream: { isTTY?: boolean; fd: number }) {}

    /** @param text Asked for only if it is shown. */
    update(text: () => string): void {
        // Time since the process began, which users have waited for already.
        const now = performance.now();
        if (this.stream.isTTY && now > patienceMs && now - this.last > 100) {
            this.last = now;
            this.shown = true;
            writeSync(this.stream.fd, `\r\u001b[K${text()}`);
        }
    }

    clear(): void {
        if (this.shown) {
            this.shown = false;
            writeSync(this.stream.fd, "\r\u001b[K");
        }
    }
}
