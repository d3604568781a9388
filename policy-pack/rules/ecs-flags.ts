import { is } from "../core/rule";
import { type Value } from "../core/value";

export const isTrue = is(true, "true");
export const isNotTrue = (value: Value): boolean => !isTrue(value);
