"""azure-identity for Python, as Debian packages it."""
import job
from azure.identity import CertificateCredential


def get_token(one):
    credential = CertificateCredential(
        one["tenantId"], one["clientId"], one["pemPath"], authority=one["url"], retry_total=0
    )
    return credential.get_token(one["scope"]).token


job.run(get_token)
