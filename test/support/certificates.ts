import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What signs certificates. */
export interface Authority {
    /** Paths without ending: `.crt` and `.key` are behind. */
    path: string;
    /** PEM. */
    certificate: string;
}

const openssl = (...args: string[]): Buffer => execFileSync("openssl", args, { stdio: "pipe" });
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** A certificate authority in a folder. */
export function makeAuthority(folder: string, name: string): Authority {
    const path = join(folder, name);
    openssl(
        "req",
        "-x509",
        ...newKey,
        "-keyout",
        `${path}.key`,
        "-out",
        `${path}.crt`,
        "-days",
        "2",
        "-subj",
        `/CN=${name}`,
    );
    return { path, certificate: readFileSync(`${path}.crt`, "utf8") };
}

/** `<name>.crt` and `<name>.key` for a host. */
export function makeCertificate(folder: string, name: string, authority: Authority, host: string): void {
    const path = join(folder, name);
    openssl("req", ...newKey, "-keyout", `${path}.key`, "-out", `${path}.csr`, "-subj", `/CN=${host}`);
    writeFileSync(`${path}.ext`, `subjectAltName=DNS:${host}\n`);
    const signing = ["-CA", `${authority.path}.crt`, "-CAkey", `${authority.path}.key`, "-CAcreateserial"];
    const extension = ["-extfile", `${path}.ext`, "-days", "2"];
    openssl("x509", "-req", "-in", `${path}.csr`, ...signing, ...extension, "-out", `${path}.crt`);
    chmodSync(`${path}.key`, 0o600);
}
