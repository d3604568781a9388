import { join } from "node:path";
import { offersCommand } from "./command";

void offersCommand(process.argv.slice(2), join(__dirname, "..", "settings", "offers")).then(
    (code) => (process.exitCode = code),
);
