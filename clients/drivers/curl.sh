#!/usr/bin/env bash
# No library at all: the assertion by openssl, the request by curl. A case by CASE_… variables, its answer to stdout.
set -euo pipefail
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

client=$CASE_clientId pem=$CASE_pemPath
endpoint="$CASE_url/$CASE_tenantId/oauth2/v2.0/token"
now=$(date +%s)
thumbprint=$(openssl x509 -in "$pem" -outform DER | openssl dgst -sha256 -binary | base64url)
header=$(printf '{"alg":"PS256","typ":"JWT","x5t#S256":"%s"}' "$thumbprint" | base64url)
claims=$(printf '{"aud":"%s","iss":"%s","sub":"%s","jti":"%s","nbf":%d,"exp":%d}' \
  "${CASE_audience:-$endpoint}" "$client" "$client" "$(openssl rand -hex 16)" "$now" "$((now + 300))" | base64url)
signature=$(printf '%s.%s' "$header" "$claims" |
  openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sign "$pem" -binary | base64url)

# The assertion goes in by a pipe: the arguments of a process are everybody's to read.
printf '%s.%s.%s' "$header" "$claims" "$signature" |
  curl --silent --show-error --cacert "$CA_FILE" "$endpoint" \
    --data-urlencode "client_id=$client" --data-urlencode "scope=$CASE_scope" --data grant_type=client_credentials \
    --data client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
    --data-urlencode client_assertion@-
