import { LambdaClient } from "@aws-sdk/client-lambda";
import { greeting } from "./greeting";

// Only its place matters: the runtime brings the SDK, so the bundle must ask for it.
export const client = LambdaClient;

// A word that in a value would mean that an Output was used as text.
export const handler = ({ name = "undefined" }: { name?: string }): Promise<string> => Promise.resolve(greeting(name));
