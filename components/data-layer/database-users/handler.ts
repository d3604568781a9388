import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type DatabaseUser, makeUser } from "./make-user";
import { type Credentials, signIn } from "./sign-in";

/** What Lambda says of an invocation. */
interface Context {
    getRemainingTimeInMillis(): number;
}

// Without these limits, an API that can't be reached would use up all the time, and nobody would be told why.
const secrets = new SecretsManagerClient({ requestHandler: { connectionTimeout: 3000, requestTimeout: 5000 } });

/** Milliseconds that are left for the work itself, once signing in has taken as long as it may. */
const timeToWork = 45_000;

/** Makes a user of the database. What it returns is kept in Pulumi's state: names only. */
export async function handler(wanted: DatabaseUser, context: Context): Promise<DatabaseUser> {
    const [host = "", port] = environment("POSTGRES_ENDPOINT").split(":");
    const client = await signIn(
        {
            host,
            port: Number(port),
            database: environment("POSTGRES_DATABASE"),
            certificateAuthority: environment("POSTGRES_CERTIFICATE_AUTHORITY"),
        },
        masterUser,
        Date.now() + context.getRemainingTimeInMillis() - timeToWork,
    );
    try {
        await makeUser(client, wanted);
    } finally {
        await client.end();
    }
    const { user, schema, connectionLimit } = wanted;
    console.info(`${user} may use schema ${schema}, with ${connectionLimit} connections`);
    return { user, schema, connectionLimit };
}

async function masterUser(): Promise<Credentials> {
    const { SecretString = "" } = await secrets.send(
        new GetSecretValueCommand({ SecretId: environment("POSTGRES_MASTER_USER_ARN") }),
    );
    const { username, password } = parse(SecretString);
    if (typeof username !== "string" || typeof password !== "string") {
        throw new Error("the secret has no username and password");
    }
    return { username, password };
}

function parse(text: string): Partial<Credentials> {
    try {
        return JSON.parse(text) as Partial<Credentials>;
    } catch {
        // The parser's own message quotes what it was given.
        throw new Error("the secret is no JSON");
    }
}

function environment(name: string): string {
    const value = process.env[name];
    if (value === undefined) {
        throw new Error(`${name} is not set`);
    }
    return value;
}
