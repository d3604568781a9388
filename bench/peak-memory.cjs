// Tells the parent process, on file descriptor 3, the peak memory of this one in KiB.
const { writeSync } = require("node:fs");

process.on("exit", () => {
    try {
        writeSync(3, String(process.resourceUsage().maxRSS));
    } catch {
        // Started in a process that the benchmark did not start itself.
    }
});
