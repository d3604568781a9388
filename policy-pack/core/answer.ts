import { type Resource } from "./resource";
import { type Value } from "./value";

/** Whether something is so: yes, no, or the value that it hangs on while that is unknown. */
export type Answer = boolean | Value;

/** For `when` of a property rule: the property below these keys passes the test. */
export const where =
    (test: (value: Value) => boolean, ...keys: (string | number)[]) =>
    ({ props }: Resource): Answer => {
        const value = props.at(...keys);
        return value.isUnknown ? value : test(value) || (value.firstUnknown ?? false);
    };

/** For `when` of a property rule: all of these hold. */
export const every =
    (...conditions: ((resource: Resource) => Answer)[]) =>
    (resource: Resource): Answer => {
        const answers = conditions.map((condition) => condition(resource));
        return !answers.includes(false) && (answers.find((answer) => answer !== true) ?? true);
    };

/** Whether one of these at least is so. */
export const some = (answers: readonly Answer[]): Answer =>
    answers.includes(true) || (answers.find((answer) => answer !== false) ?? false);
