export { loadSettings } from "./load";
export { parseSettings, type StackSettings } from "./parse";
export { type Problem, problemText, SettingsError } from "./problems";
export { offerWarnings } from "./rules/offers";
export { type Settings } from "./schema";
export { sharedAddresses } from "./shared-addresses";
export { serviceNames } from "./service-names";
export { weakerThan } from "./weaker";
