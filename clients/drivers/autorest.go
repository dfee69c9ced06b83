// The Azure SDK for Go's first generation: go-autorest, of the v1 endpoint, as Debian packages it.
package main

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/Azure/go-autorest/autorest/adal"
)

type oneCase struct {
	Name, URL, TenantID, ClientID, PemPath, Resource string
	Mapped                                           bool
}

func main() {
	var job struct{ Cases []oneCase }
	if err := json.NewDecoder(os.Stdin).Decode(&job); err != nil {
		panic(err)
	}
	for _, one := range job.Cases {
		answer := map[string]string{"name": one.Name}
		if token, err := getToken(one); err != nil {
			answer["refused"] = err.Error()
		} else {
			answer["token"] = token
		}
		line, _ := json.Marshal(answer)
		fmt.Println(string(line))
	}
}

func getToken(one oneCase) (string, error) {
	authority := one.URL
	if one.Mapped {
		authority = "https://login.microsoftonline.com"
	}
	config, err := adal.NewOAuthConfig(authority+"/", one.TenantID)
	if err != nil {
		return "", err
	}
	certificate, key, err := read(one.PemPath)
	if err != nil {
		return "", err
	}
	token, err := adal.NewServicePrincipalTokenFromCertificate(*config, one.ClientID, certificate, key, one.Resource)
	if err != nil {
		return "", err
	}
	token.MaxMSIRefreshAttempts = 1
	if err := token.Refresh(); err != nil {
		return "", err
	}
	return token.OAuthToken(), nil
}

func read(path string) (*x509.Certificate, *rsa.PrivateKey, error) {
	rest, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	var certificate *x509.Certificate
	var key *rsa.PrivateKey
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			certificate, err = x509.ParseCertificate(block.Bytes)
		} else {
			var parsed any
			parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
			key, _ = parsed.(*rsa.PrivateKey)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return certificate, key, nil
}
