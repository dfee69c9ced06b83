"""ADAL for Python, of the v1 endpoint, as Debian packages it."""
import adal
import job


def get_token(one):
    authority = "https://login.microsoftonline.com" if one["mapped"] else one["url"]
    context = adal.AuthenticationContext(
        "%s/%s" % (authority, one["tenantId"]), validate_authority=one["mapped"]
    )
    answer = context.acquire_token_with_client_certificate(
        one["resource"], one["clientId"], one["key"], one["sha1Hex"]
    )
    return answer["accessToken"]


job.run(get_token)
