import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type Server as TcpServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../../../components/building-blocks";
import { type Credentials, type Server, signIn } from "../../../../components/data-layer/database-users/sign-in";
import { makeAuthority } from "../../../support/certificates";
import { describePostgres, master } from "../../../support/postgres";

const entryPoint = join(__dirname, "../../../../components/data-layer/database-users/handler.ts");

type Handler = (event: object, context: { getRemainingTimeInMillis: () => number }) => Promise<unknown>;

/** The function as AWS has it: the bundle alone, with an SDK whose Secrets Manager holds what `secret` gives. */
function deployed(secret: () => string): { handler: Handler; asked: unknown[] } {
    const asked: unknown[] = [];
    class SecretsManagerClient {
        send(command: unknown): Promise<{ SecretString: string }> {
            asked.push(command);
            return Promise.resolve().then(() => ({ SecretString: secret() }));
        }
    }
    class GetSecretValueCommand {
        constructor(readonly input: unknown) {}
    }
    const sdk = { SecretsManagerClient, GetSecretValueCommand };
    const module = { exports: {} as { handler: Handler } };
    const node = createRequire(__filename);
    const load = (id: string): unknown => (id === "@aws-sdk/client-secrets-manager" ? sdk : node(id));
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the bundle is what is tested
    new Function("module", "exports", "require", bundle(entryPoint))(module, module.exports, load);
    return { handler: module.exports.handler, asked };
}

const event = { user: "aipx_dev_oms", schema: "oms", connectionLimit: 20 };
/** Time for one attempt to sign in. */
const short = { getRemainingTimeInMillis: () => 46_000 };

describePostgres("the function database-users", (server) => {
    const names = ["ENDPOINT", "DATABASE", "CERTIFICATE_AUTHORITY", "MASTER_SECRET"].map((name) => `POSTGRES_${name}`);
    const before: Record<string, string | undefined> = {};
    let lines: string[] = [];
    const { info } = console;

    beforeEach(async () => {
        await server().reset();
        names.forEach((name) => (before[name] = process.env[name]));
        process.env.POSTGRES_ENDPOINT = `localhost:${server().port}`;
        process.env.POSTGRES_DATABASE = "aipx";
        process.env.POSTGRES_CERTIFICATE_AUTHORITY = server().certificateAuthority;
        process.env.POSTGRES_MASTER_USER_ARN = "arn:secret";
        lines = [];
        console.info = (...texts: string[]) => void lines.push(texts.join(" "));
    });
    afterEach(() => {
        console.info = info;
        for (const name of names) {
            if (before[name] === undefined) {
                delete process.env[name];
            } else {
                process.env[name] = before[name];
            }
        }
    });

    it("makes a user with the master user's password, which nobody gets to see", async () => {
        const { handler, asked } = deployed(() => JSON.stringify(master));
        const result = await handler({ ...event, more: "ignored" }, short);
        assert.deepEqual(result, event);
        assert.deepEqual(
            asked.map((command) => (command as { input: unknown }).input),
            [{ SecretId: "arn:secret" }],
        );
        assert.deepEqual(lines, ["aipx_dev_oms may use schema oms, with 20 connections"]);
        assert.deepEqual(await server().sql(event.user, "CREATE TABLE positions ()", "SELECT current_schema"), [
            { current_schema: "oms" },
        ]);
    });

    it("leaves no connection behind, well or not", async () => {
        const count = async (): Promise<unknown> =>
            server().sql(
                "rdsadmin",
                "SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = 'database-users'",
            );
        const { handler } = deployed(() => JSON.stringify(master));
        await handler(event, short);
        await server().sql("rdsadmin", "CREATE ROLE aipx_x", "CREATE SCHEMA other AUTHORIZATION aipx_x");
        await assert.rejects(handler({ ...event, schema: "other" }, short), /permission denied for schema other/);
        assert.deepEqual(await count(), [{ open: 0 }]);
        await server().sql("rdsadmin", "DROP SCHEMA other");
    });

    it("trusts no server but one of the authority that it was given", async () => {
        const folder = mkdtempSync(join(tmpdir(), "aipx-authority-"));
        try {
            process.env.POSTGRES_CERTIFICATE_AUTHORITY = makeAuthority(folder, "another").certificate;
        } finally {
            rmSync(folder, { recursive: true });
        }
        const { handler, asked } = deployed(() => JSON.stringify(master));
        await assert.rejects(handler(event, { getRemainingTimeInMillis: () => 120_000 }), {
            message: /^TLS: localhost is not proven to be the database: .*certificate.* \(attempt 1\)$/,
        });
        assert.equal(asked.length, 1);
    });

    it("trusts no server of another name", async () => {
        process.env.POSTGRES_ENDPOINT = `127.0.0.1:${server().port}`;
        const { handler } = deployed(() => JSON.stringify(master));
        await assert.rejects(
            handler(event, short),
            /^Error: TLS: 127\.0\.0\.1 is not proven .*ERR_TLS_CERT_ALTNAME_INVALID/,
        );
    });

    it("takes up a password that is changed meanwhile", async () => {
        const passwords = ["old", "old", master.password];
        const { handler, asked } = deployed(() =>
            JSON.stringify({ username: master.username, password: passwords.shift() }),
        );
        await handler(event, { getRemainingTimeInMillis: () => 120_000 });
        assert.equal(asked.length, 3);
    });

    for (const [title, secret, message] of [
        [
            "the password is wrong",
            () => JSON.stringify({ username: master.username, password: "not-the-one" }),
            /^Password: PostgreSQL does not take the master user's password: .*28P01/,
        ],
        [
            "the secret can't be read",
            () => {
                throw Object.assign(new Error("not authorized to perform this"), { name: "AccessDeniedException" });
            },
            /^Secrets Manager: the master user's password can't be read: not authorized .*AccessDeniedException/,
        ],
        ["the secret is something else", () => 'hush: "not-the-one"', /^Secrets Manager: .*: the secret is no JSON/],
        [
            "the secret is of another kind",
            () => '{"api_key":"not-the-one"}',
            /^Secrets Manager: .*: the secret has no username/,
        ],
    ] as const) {
        it(`says what is wrong, and no secret: ${title}`, async () => {
            const { handler } = deployed(secret);
            await assert.rejects(handler(event, short), (error: Error) => {
                assert.match(error.message, message);
                assert.ok(!`${error.stack} ${JSON.stringify(error)}`.includes("not-the-one"));
                return true;
            });
        });
    }

    it("says which variable is missing", async () => {
        delete process.env.POSTGRES_DATABASE;
        await assert.rejects(deployed(() => "").handler(event, short), { message: "POSTGRES_DATABASE is not set" });
    });

    it("says that the database is not there, or takes no such user, or no more connections", async () => {
        process.env.POSTGRES_DATABASE = "missing";
        const { handler } = deployed(() => JSON.stringify(master));
        await assert.rejects(handler(event, short), /PostgreSQL: database missing can't be used: .*3D000.*attempt 1/);
        process.env.POSTGRES_DATABASE = "aipx";
        await server().sql("rdsadmin", "ALTER ROLE aipx_admin NOLOGIN");
        await assert.rejects(handler(event, short), /Password: PostgreSQL refuses the master user: .*28000.*attempt 1/);
        await server().sql("rdsadmin", "ALTER ROLE aipx_admin LOGIN CONNECTION LIMIT 0");
        try {
            await assert.rejects(handler(event, short), /PostgreSQL: database aipx can't be used: .*53300/);
        } finally {
            await server().sql("rdsadmin", "ALTER ROLE aipx_admin CONNECTION LIMIT -1");
        }
    });
});

describe("signIn", () => {
    const credentials = (): Promise<Credentials> => Promise.resolve(master);
    const at = (host: string, port: number): Server => ({ host, port, database: "aipx", certificateAuthority: "none" });
    const listeners: TcpServer[] = [];
    /** A server that answers each connection with this. */
    const listening = (answer: (socket: Socket) => void): Promise<number> =>
        new Promise((resolve) => {
            const listener = createServer((socket) => {
                socket.on("error", () => undefined);
                answer(socket);
            });
            listeners.push(listener);
            listener.listen(0, "127.0.0.1", () => resolve((listener.address() as { port: number }).port));
        });

    afterEach(() => listeners.splice(0).forEach((listener) => listener.close()));

    it("says that a name has no address", async () => {
        await assert.rejects(
            signIn(at("database.invalid", 5432), credentials, 0),
            /^Error: DNS: database\.invalid has no address/,
        );
    });

    it("says that nobody listens", async () => {
        const port = await listening(() => undefined);
        await new Promise((resolve) => listeners.pop()!.close(resolve));
        await assert.rejects(
            signIn(at("localhost", port), credentials, 0),
            new RegExp(`^Error: TCP: no connection to localhost:${port}: .*ECONNREFUSED.*security groups.*attempt 1`),
        );
    });

    it("does not wait forever for an answer", async function () {
        this.timeout(20_000);
        const port = await listening(() => undefined);
        await assert.rejects(signIn(at("127.0.0.1", port), credentials, 0), /^Error: TCP: .*timeout/);
    });

    it("does not go on without TLS", async () => {
        const port = await listening((socket) => socket.once("data", () => socket.end("N")));
        await assert.rejects(signIn(at("127.0.0.1", port), credentials, 0), /^Error: TLS: .*does not support SSL/);
    });

    it("tries again until the deadline, and no longer", async () => {
        let attempts = 0;
        const port = await listening((socket) => {
            attempts++;
            socket.destroy();
        });
        const start = Date.now();
        await assert.rejects(
            signIn(at("127.0.0.1", port), credentials, start + 450, 100),
            /^Error: TCP: .*\(attempt \d\)$/,
        );
        assert.ok(attempts > 1 && attempts < 6, String(attempts));
        assert.ok(Date.now() - start < 2000);
    });
});
