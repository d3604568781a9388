/**
 * Certificate of an authority that issues nothing: its private key was thrown away when it was made. It stands for what a stack
 * leaves out, until the year 2126.
 */
export const standInAuthority = `-----BEGIN CERTIFICATE-----
MIIBuDCCAV+gAwIBAgIUMHbCXvIbvWiKMHjSUMsX5BZKCZMwCgYIKoZIzj0EAwIw
KTEnMCUGA1UEAwweTm9ib2R5J3MgY2VydGlmaWNhdGUgYXV0aG9yaXR5MCAXDTI2
MTEyNzIwMjg1NVoYDzIxMjYxMTAzMjAyODU1WjApMScwJQYDVQQDDB5Ob2JvZHkn
cyBjZXJ0aWZpY2F0ZSBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASspQIWBxiNEgw9NGX6hQ0JjvR9GqU2Ey1b9kgCzGS9wuerdZBU+dnA528i+UCh
R5b8HE2a9cZ3YXvmVtZNfppco2MwYTAdBgNVHQ4EFgQUKkqZ4T3t7Q/L8cIb28Nq
CsAzhBcwHwYDVR0jBBgwFoAUKkqZ4T3t7Q/L8cIb28NqCsAzhBcwDwYDVR0TAQH/
BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwIDRwAwRAIgATZImGsi
Cc0IH2G/JbH6jghJpVE1Owa+afaMTFukFUYCIHtrbcyh2uwXzD/EM1tkvJdXUgMT
vv4YiI9IPMEbJ6ew
-----END CERTIFICATE-----
`;
