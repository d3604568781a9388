import { planCommand } from "./command";

void planCommand(process.argv.slice(2), process.cwd()).then((code) => (process.exitCode = code));
