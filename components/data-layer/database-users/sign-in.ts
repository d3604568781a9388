import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** Where the database is, and what proves that it is the right one. */
export interface Server {
    host: string;
    port: number;
    database: string;
    /** Certificate of the authority that signed the server's. */
    certificateAuthority: string;
}

/** The master user. */
export interface Credentials {
    username: string;
    password: string;
}

/** A problem, and whether time can mend it. */
class Problem extends Error {
    constructor(
        message: string,
        readonly passes: boolean,
    ) {
        super(message);
    }
}

const secondsToConnect = 5;

/**
 * Signs in over TLS. What time can mend is tried again: a database that is just starting, rights of the function that AWS has not
 * spread yet, a password that is being changed (so it is read anew each time).
 *
 * @param deadline When to give up, in milliseconds as `Date.now()` counts them.
 * @throws Error that says how far it got: the secret, the name, TCP, TLS, the password, or the database. Never with the password.
 */
export async function signIn(
    server: Server,
    credentials: () => Promise<Credentials>,
    deadline: number,
    pauseMs = 3000,
): Promise<Client> {
    for (let attempts = 1; ; attempts++) {
        try {
            return await connect(server, await read(credentials));
        } catch (error) {
            const problem = error as Problem;
            if (!problem.passes || Date.now() + pauseMs >= deadline) {
                problem.message += ` (attempt ${attempts})`;
                throw problem;
            }
            await sleep(pauseMs);
        }
    }
}

async function read(credentials: () => Promise<Credentials>): Promise<Credentials> {
    try {
        return await credentials();
    } catch (error) {
        throw new Problem(`Secrets Manager: the master user's password can't be read: ${describe(error)}`, true);
    }
}

async function connect(server: Server, { username, password }: Credentials): Promise<Client> {
    const { host, port, database, certificateAuthority } = server;
    const client = new Client({
        ...{ host, port, database, user: username, password },
        ssl: { ca: certificateAuthority },
        connectionTimeoutMillis: secondsToConnect * 1000,
        query_timeout: 30_000,
        application_name: "database-users",
    });
    // A connection that breaks fails what waits for it; without this it would end the process as well.
    client.on("error", () => undefined);
    try {
        await client.connect();
        return client;
    } catch (error) {
        void client.end().catch(() => undefined);
        throw problemOf(error, server);
    }
}

function problemOf(error: unknown, { host, port, database }: Server): Problem {
    const { code = "" } = error as { code?: string };
    const what = describe(error);
    if (["ENOTFOUND", "EAI_AGAIN"].includes(code)) {
        return new Problem(`DNS: ${host} has no address: ${what}`, true);
    }
    if (/CERT|^ERR_(SSL|TLS)|^UNABLE_TO/.test(code) || /does not support SSL/.test(what)) {
        return new Problem(`TLS: ${host} is not proven to be the database: ${what}`, false);
    }
    if (code === "28P01") {
        return new Problem(`Password: PostgreSQL does not take the master user's password: ${what}`, true);
    }
    if (code.startsWith("28")) {
        return new Problem(
            `Password: PostgreSQL refuses the master user: ${what}. If it says PAM, the user is a member of rds_iam, and RDS takes no ` +
                "password of it.",
            false,
        );
    }
    if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith("E")) {
        // It starts or stops, or has no connection left.
        const passes = /^(57P|53)/.test(code);
        return new Problem(`PostgreSQL: database ${database} can't be used: ${what}`, passes);
    }
    return new Problem(
        `TCP: no connection to ${host}:${port}: ${what}. Look at the rules of the security groups, and whether the database is available.`,
        true,
    );
}

/** What an error says of itself. One that stands for several, an address each, says nothing. */
function describe(error: unknown): string {
    const { name, code, message, errors } = error as Error & { code?: string; errors?: unknown[] };
    if (message === "" && errors !== undefined) {
        return errors.map(describe).join(", ");
    }
    return `${message} (${code ?? name})`;
}
