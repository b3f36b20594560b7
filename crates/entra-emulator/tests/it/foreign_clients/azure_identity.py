"""azure-identity. Arguments: the credential, a JSON file about the emulator. Prints its token's claims as JSON."""

import json
import sys

import jwt
from azure import identity


def options(emulator):
    return {"authority": emulator["url"], "disable_instance_discovery": True}


def client_secret(emulator):
    return identity.ClientSecretCredential(
        emulator["tenant"], emulator["app"], emulator["secret"], **options(emulator)
    )


def certificate(emulator):
    pem = (emulator["key"] + emulator["certificate"]).encode()
    return identity.CertificateCredential(
        emulator["tenant"], emulator["app"], certificate_data=pem, **options(emulator)
    )


def workload_identity(emulator):
    """A pod's environment: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE."""
    return identity.WorkloadIdentityCredential(**options(emulator))


def client_assertion(emulator):
    return identity.ClientAssertionCredential(
        emulator["tenant"], emulator["app"], lambda: emulator["assertion"], **options(emulator)
    )


def managed_identity(emulator):
    """An App Service's environment: IDENTITY_ENDPOINT, IDENTITY_HEADER."""
    return identity.ManagedIdentityCredential(client_id=emulator["managed_identity"])


def environment(emulator):
    return identity.EnvironmentCredential(**options(emulator))


def main():
    case, file = sys.argv[1:]
    with open(file, encoding="utf-8") as text:
        emulator = json.load(text)
    with globals()[case](emulator) as credential:
        token = credential.get_token("https://graph.microsoft.com/.default")
    claims = jwt.decode(token.token, options={"verify_signature": False})
    print(json.dumps({"claims": claims, "expires_on": token.expires_on}))


main()
