"""MSAL for Python, as Debian packages it."""
import job
import msal


def get_token(one):
    authority = "https://login.microsoftonline.com" if one["mapped"] else one["url"]
    app = msal.ConfidentialClientApplication(
        one["clientId"],
        authority="%s/%s" % (authority, one["tenantId"]),
        client_credential={"private_key": one["key"], "thumbprint": one["sha1Hex"]},
        validate_authority=one["mapped"],
        instance_discovery=one["mapped"],
    )
    answer = app.acquire_token_for_client(scopes=[one["scope"]])
    if "access_token" not in answer:
        raise RuntimeError(str(answer))
    return answer["access_token"]


job.run(get_token)
