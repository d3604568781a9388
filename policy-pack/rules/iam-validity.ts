import { type Resource } from "../core/resource";
import { type Check, type Rule } from "../core/rule";
import { actionExists, nearestAction } from "../iam/actions";
import { isDocument, parseDocument } from "../iam/document";
import { everyDocument, everyTypes, statementRule } from "./iam-documents";

/** Rules that every policy must pass to mean something, whoever has it. */
export const validityRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "iam-policy-require-valid-document",
        description: "A policy must be a document that IAM accepts.",
        severity: "high",
        category: "least-privilege",
        controls: [],
        remediation: "Correct the document at the path that the message names.",
        types: everyTypes,
        check(resource: Resource, check: Check): void {
            for (const value of everyDocument(resource)) {
                const document = parseDocument(value);
                if ("unknown" in document) {
                    check.undetermined(resource, document.unknown);
                } else if (!isDocument(document)) {
                    check.fail(resource, document.at, `the policy must be a valid document: ${document.malformed}`);
                }
            }
        },
    },
    statementRule({
        types: everyTypes,
        documents: everyDocument,
        category: "least-privilege",
        name: "iam-policy-disallow-unknown-actions",
        description: "Every action that a policy names exists.",
        severity: "medium",
        controls: [],
        remediation: "Correct the action's name, or remove it: it allows nothing.",
        elements: ["Action"],
        violation: ({ actions, notActions }) => {
            const unknown = [...actions, ...notActions].find((pattern) => !actionExists(pattern));
            const near = unknown === undefined ? undefined : nearestAction(unknown);
            return unknown && `there is no action ${unknown}${near === undefined ? "" : `: it must be ${near}`}`;
        },
    }),
];
