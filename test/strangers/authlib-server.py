"""An authorization server by authlib that takes private_key_jwt and nothing else.

argv: client id, JWK file of the client's public key. Prints its token endpoint when it listens.
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

from authlib.jose import JsonWebKey
from authlib.oauth2 import OAuth2Request
from authlib.oauth2.rfc6749 import AuthorizationServer, grants
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion

client_id, jwk_path = sys.argv[1:]
with open(jwk_path) as file:
    public_key = JsonWebKey.import_key(json.load(file))
used = set()


class Client:
    def get_client_id(self):
        return client_id

    def check_grant_type(self, grant_type):
        return grant_type == "client_credentials"

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "private_key_jwt"

    def get_allowed_scope(self, scope):
        return scope


class Assertion(JWTBearerClientAssertion):
    CLIENT_AUTH_METHOD = "private_key_jwt"

    def validate_jti(self, claims, jti):
        fresh = (claims["sub"], jti) not in used
        used.add((claims["sub"], jti))
        return fresh

    def resolve_client_public_key(self, client, headers):
        return public_key


class ClientCredentials(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["private_key_jwt"]


class Server(AuthorizationServer):
    def query_client(self, asked):
        return Client() if asked == client_id else None

    def save_token(self, token, request):
        pass

    def send_signal(self, name, *args, **kwargs):
        pass

    def create_oauth2_request(self, request):
        return request

    def handle_response(self, status, body, headers):
        return status, body, headers


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        asked = OAuth2Request("POST", endpoint, dict(parse_qsl(body)), dict(self.headers))
        status, answer, headers = server.create_token_response(asked)
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


http = HTTPServer(("127.0.0.1", 0), Handler)
endpoint = f"http://127.0.0.1:{http.server_port}/token"
server = Server()
server.register_client_auth_method("private_key_jwt", Assertion(endpoint))
server.register_grant(ClientCredentials)
server.register_token_generator(
    "default", BearerTokenGenerator(lambda *args, **kwargs: "token-%d" % len(used), expires_generator=lambda *_: 3600)
)
print(endpoint, flush=True)
http.serve_forever()
