import { type Finding } from "./rule";
import { type Suppressed } from "./suppressions";

/** What is said of a finding. */
export const text = ({ outcome, message, path }: Finding): string =>
    `${message} [${outcome === "fail" ? "at" : "undetermined at"} ${path}]`;

/** What is said of a finding that is accepted. */
export const suppressedText = (finding: Suppressed): string =>
    `suppressed until ${finding.by.expires} by ${finding.by.owner}, because: ${finding.by.reason}\n${text(finding)}`;
