import { at, type Diagnostic, type SettingPath, valueText } from "../problems";
import { untilUnreadable } from "../readable";
import { isReserved } from "../reserved-variables";
import { type Settings } from "../schema";
import { has } from "../schema-nodes";
import { checkEach, type Rule } from "./rule";

/** Words in a variable's name that say that its value is a secret. `MAX_TOKENS` has none. */
const secretWord = /(^|_)(PASSWORD|PASSWD|PWD|PASSPHRASE|SECRETS?|TOKEN|[A-Z]*KEY|CREDENTIALS?)(_|$)/;

/** Values that only a secret looks like: ids of AWS's access keys, URLs with a password. */
const secretValue = /\b(AKIA|ASIA)[0-9A-Z]{16}\b|:\/\/[^/\s:@]*:[^/\s@]+@/;

/** Bytes that a team's own variables may take in one service. A function has 4,096 for all. */
const mostBytes = 2048;

/** All services that take variables, with the place of their settings. */
function* eachService(
    { services }: Settings,
    check: (path: SettingPath, variables: Record<string, string>) => Iterable<Diagnostic>,
): Iterable<Diagnostic> {
    const of = (...path: string[]): SettingPath => at("services", ...path, "environment");
    yield* untilUnreadable(() =>
        checkEach(services.ingestion.feeds, (feed, { environment }) =>
            check(of("ingestion", "feeds", feed), environment),
        ),
    );
    yield* untilUnreadable(() =>
        checkEach(services.strategies, (name, { environment }) => check(of("strategies", name), environment)),
    );
    for (const service of ["oms", "dataRecorder", "cognitive", "websocketAuthorizer", "notification"] as const) {
        yield* untilUnreadable(() => check(of(service), services[service].environment));
    }
}

function* variableNames(settings: Settings): Iterable<Diagnostic> {
    yield* eachService(settings, function* (path, variables) {
        for (const name of Object.keys(variables)) {
            const own = `APP_${name}`;
            if (isReserved(name)) {
                yield {
                    path: [...path, name],
                    is: "has a name that the platform or AWS uses",
                    must: "must have another name: those of the platform's own variables are kept for it",
                    fix: [
                        ...(has(variables, own) ? [] : [{ set: [...path, own], to: variables[name] }]),
                        { remove: [...path, name] },
                    ],
                };
            }
        }
    });
}

function* noSecretVariables(settings: Settings): Iterable<Diagnostic> {
    yield* eachService(settings, function* (path, variables) {
        for (const [name, value] of Object.entries(variables)) {
            // What is reserved is told by the rule above.
            if ((secretWord.test(name) || secretValue.test(value)) && !isReserved(name)) {
                yield {
                    path: [...path, name],
                    is: "seems to be a secret, not shown here",
                    must: "must not be a secret: everybody who sees the plan, the state or the console can read it; secrets belong into AWS Secrets Manager",
                    fix: [{ remove: [...path, name] }],
                };
            }
        }
    });
}

function* variableSizes(settings: Settings): Iterable<Diagnostic> {
    yield* eachService(settings, function* (path, variables) {
        const bytes = Object.entries(variables).reduce(
            (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
            0,
        );
        if (bytes > mostBytes) {
            yield {
                path,
                is: `${valueText(path, variables)} of ${bytes} bytes`,
                must: `must have at most ${mostBytes} bytes of names and values together: a function has 4,096 for all variables`,
                fix: [{ edit: "put long values into a file of the image" }],
            };
        }
    });
}

/** Rules about environment variables of a team's own. */
export const variableRules: Rule[] = [variableNames, noSecretVariables, variableSizes];
