"""As job.mjs, for Python: a job by stdin, one line per case to stdout."""
import json
import re
import sys

KEY = re.compile(r"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----\n", re.DOTALL)


def run(get_token):
    given = json.load(sys.stdin)
    for one in given["cases"]:
        with open(one["pemPath"]) as file:
            pem = file.read()
        one = dict(given, **one, pem=pem, key=KEY.search(pem).group(0))
        try:
            answer = {"token": get_token(one)}
        except Exception as error:  # Whatever the library raises is the answer.
            answer = {"refused": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(dict(answer, name=one["name"])), flush=True)
