import { type ClientBase, escapeIdentifier, escapeLiteral } from "pg";

/** A user of the database, as a service wants it. */
export interface DatabaseUser {
    /** Name of the user, in PostgreSQL's own alphabet. */
    user: string;
    /** Schema that is the user's to make tables in, and where its names are looked up. */
    schema: string;
    /** Most connections at the same time. */
    connectionLimit: number;
}

/** A minute: what takes longer hangs. A migration may take more for its own session. */
const timeouts = { statement_timeout: "60s", idle_in_transaction_session_timeout: "60s" };

/** Any number will do, if nobody else in the database takes the same one: "aipx" in ASCII. */
const advisoryLock = 0x61697078;

/**
 * Makes a user and its schema, or makes them what they should be. It may be done again at any time, also by several at once.
 *
 * The schema stays the master user's own, who lets the user in. To give it away, the master user, who is no superuser, would have to be
 * a member of the user; and as the user is a member of `rds_iam`, RDS would then take no password of the master user's any more.
 *
 * @param client Signed in as the master user: `CREATEROLE`, owner of the database, and allowed to grant `rds_iam`.
 * @throws Error with the statement that PostgreSQL refused, or with what is not as it should be afterwards. Nothing has changed then.
 */
export async function makeUser(client: ClientBase, wanted: DatabaseUser): Promise<void> {
    await run(client, "BEGIN");
    try {
        await run(client, "SET LOCAL lock_timeout = '20s'");
        // Two that change the rights of one database at the same time fail.
        await run(client, `SELECT pg_advisory_xact_lock(${advisoryLock})`);
        for (const statement of await statements(client, wanted)) {
            await run(client, statement);
        }
        await check(client, wanted);
        await run(client, "COMMIT");
    } catch (error) {
        await client.query("ROLLBACK").catch(() => undefined);
        throw error;
    }
}

async function statements(client: ClientBase, { user, schema, connectionLimit }: DatabaseUser): Promise<string[]> {
    const [found] = await run<{ database: string; public: boolean; exists: boolean; owns: boolean }>(
        client,
        "SELECT current_database() AS database, to_regnamespace('public') IS NOT NULL AS public, " +
            "EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS exists, " +
            "EXISTS (SELECT FROM pg_namespace WHERE nspname = $2 AND pg_get_userbyid(nspowner) = $1) AS owns",
        [user, schema],
    );
    const [role, own, database] = [user, schema, found!.database].map(escapeIdentifier);
    const settings = { ...timeouts, search_path: schema };
    return [
        // Whoever gets in does so by name, and makes nothing where others look for their own.
        `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
        ...(found!.public ? ["REVOKE ALL ON SCHEMA public FROM PUBLIC"] : []),
        ...(found!.exists ? [] : [`CREATE ROLE ${role}`]),
        `ALTER ROLE ${role} LOGIN CONNECTION LIMIT ${Math.floor(connectionLimit)}`,
        ...Object.entries(settings).map(
            // Libraries write names without a schema, and must not fall back to `public`.
            ([name, value]) => `ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = ${escapeLiteral(value)}`,
        ),
        // A person may have given the schema away; then it is no longer the master user's to grant.
        ...(found!.owns
            ? []
            : [`CREATE SCHEMA IF NOT EXISTS ${own}`, `GRANT USAGE, CREATE ON SCHEMA ${own} TO ${role}`]),
        `GRANT CONNECT ON DATABASE ${database} TO ${role}`,
        // A member from an earlier attempt: see above. PostgreSQL only warns if there is none.
        `REVOKE ${role} FROM CURRENT_USER`,
        `GRANT rds_iam TO ${role}`,
    ];
}

/** What PostgreSQL grants or revokes with a mere warning if it is not the master user's to do. */
const checks: [condition: string, problem: (wanted: DatabaseUser) => string][] = [
    [
        "pg_has_role(user_name, 'rds_iam', 'MEMBER')",
        ({ user }) => `${user} is no member of rds_iam, so it can't sign in with IAM`,
    ],
    [
        "NOT pg_has_role(current_user, 'rds_iam', 'USAGE')",
        ({ user }) =>
            `the master user would be a member of rds_iam, and RDS take its password no more: revoke from it what makes ` +
            `it a member of ${user}, or of another service's user`,
    ],
    [
        "has_schema_privilege(user_name, schema_name, 'USAGE') AND has_schema_privilege(user_name, schema_name, 'CREATE')",
        ({ user, schema }) =>
            `${user} may not make tables in schema ${schema}, which belongs to somebody else: only its owner can let it`,
    ],
    [
        "NOT has_database_privilege('public', current_database(), 'CONNECT')",
        () => "everybody may still connect to the database: it does not belong to the master user",
    ],
    [
        "NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public' AND has_schema_privilege('public', oid, 'CREATE'))",
        () => "everybody may still make tables in schema public: it does not belong to the master user",
    ],
];

async function check(client: ClientBase, wanted: DatabaseUser): Promise<void> {
    const conditions = checks.map(([condition], index) => `${condition} AS "${index}"`);
    const [holds] = await run<Record<string, boolean>>(
        client,
        `SELECT ${conditions.join(", ")} FROM (SELECT $1::name AS user_name, $2::text AS schema_name) AS wanted`,
        [wanted.user, wanted.schema],
    );
    const problems = checks.filter((_check, index) => holds![index] !== true);
    if (problems.length > 0) {
        throw new Error(`PostgreSQL: ${problems.map(([, problem]) => problem(wanted)).join("; ")}`);
    }
}

/** Rows of one statement. */
async function run<Row extends object>(client: ClientBase, statement: string, values?: unknown[]): Promise<Row[]> {
    try {
        return (await client.query<Row>(statement, values)).rows;
    } catch (error) {
        throw refused(statement, error as Error);
    }
}

const refused = (statement: string, { message, code = "no code" }: Error & { code?: string }): Error =>
    new Error(`PostgreSQL: ${statement}: ${message} (${code})`);
