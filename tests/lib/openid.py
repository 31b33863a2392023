"""OpenID providers for tests: Glewlwyd and LemonLDAP::NG from Debian, and a stand-in of our own that
says whatever a test wants, signed. And a browser that carries cookies from one to the other."""

import base64
import hashlib
import http.client
import http.server
import json
import os
import pathlib
import pwd
import re
import secrets
import sqlite3
import ssl
import subprocess
import threading
import time
import urllib.parse

from servers import Process
from service import Service, free_port, wait_for
from tls import openssl


class Browser:
    """Cookies by host and port, no redirect followed by itself."""

    def __init__(self):
        self.jar = {}

    def ask(self, method, url, form=None, document=None, headers=None):
        parts = urllib.parse.urlsplit(url)
        body, sent = None, dict(headers or {})
        if form is not None:
            body, sent["Content-Type"] = urllib.parse.urlencode(form), "application/x-www-form-urlencoded"
        if document is not None:
            body, sent["Content-Type"] = json.dumps(document), "application/json"
        cookies = self.jar.setdefault(parts.netloc, {})
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        connection.request(method, (parts.path or "/") + ("?" + parts.query if parts.query else ""), body, sent)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, more = value.partition(";")
                name, _, value = cookie.partition("=")
                if "max-age=0" in more.lower() or not value:
                    cookies.pop(name, None)
                else:
                    cookies[name] = value
        connection.close()
        return Answer(answer.status, answer.getheader("Location"), text)

    def get(self, url, **more):
        return self.ask("GET", url, **more)


class Answer:
    def __init__(self, code, location, text):
        self.code, self.location, self.text = code, location, text

    def json(self):
        return json.loads(self.text)


def key_pair(*kind):
    key = openssl("genpkey", *kind)
    return key.decode(), openssl("pkey", "-pubout", data=key).decode()


EC = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]


class Glewlwyd:
    """One user, one client; ID tokens by ES256. `redirect` is ours."""

    logs_out = False # it has no end_session_endpoint without session management
    alg, user, address, client, secret = "ES256", "lea", "lea@client.example", "rendez", "asecretof4words"

    def __init__(self, folder, redirect):
        self.folder, self.redirect = pathlib.Path(folder), redirect
        self.folder.mkdir()
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.issuer = self.base + "/api/oidc"
        database = sqlite3.connect(self.folder / "gl.db")
        database.executescript(pathlib.Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3").read_text())
        database.close()
        (self.folder / "gl.conf").write_text(
            f'port={self.port}\nbind_address="127.0.0.1"\nexternal_url="{self.base}"\nlogin_url="login.html"\n'
            'api_prefix="api"\nlog_mode="file"\nlog_level="WARNING"\n' f'log_file="{self.folder}/gl.log"\n'
            'cookie_secure=0\nsession_expiration=3600\nsession_key="GLEWLWYD2_SESSION_ID"\nadmin_scope="g_admin"\n'
            'profile_scope="g_profile"\nuser_module_path="/usr/lib/glewlwyd/user"\n'
            'client_module_path="/usr/lib/glewlwyd/client"\nuser_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"\n'
            'plugin_module_path="/usr/lib/glewlwyd/plugin"\nstatic_files_path="/usr/share/glewlwyd/webapp"\n'
            'hash_algorithm="SHA512"\nstatic_files_mime_types=({extension=".html" mime_type="text/html"})\n'
            f'database={{type="sqlite3" path="{self.folder}/gl.db"}}\n')
        self.process = None
        self.admin = Browser()

    def api(self, browser, method, path, document=None):
        answer = browser.ask(method, f"{self.base}/api/{path}", document=document)
        assert answer.code == 200, f"Glewlwyd: {method} {path}: {answer.code} {answer.text[:300]}"
        return answer

    def start(self):
        self.process = Process(["glewlwyd", f"--config-file={self.folder}/gl.conf"], self.folder / "out")
        wait_for(lambda: Browser().get(self.base + "/config").code == 200, "Glewlwyd answers", 10)
        self.api(self.admin, "POST", "auth/", {"username": "admin", "password": "password"})
        # A client may ask for an address only in a scope that it has; of users the two know each other's.
        self.api(self.admin, "POST", "scope/", {"name": "email", "display_name": "address", "password_required": True,
                                                "password_max_age": 0, "scheme": {}})
        self.api(self.admin, "POST", "client/", {
            "client_id": self.client, "name": "Rendez", "confidential": True, "enabled": True, "password": self.secret,
            "client_secret": self.secret, "redirect_uri": [self.redirect], "authorization_type": ["code"],
            "scope": ["openid", "email"], "token_endpoint_auth_method": ["client_secret_basic"]})
        self.api(self.admin, "POST", "user/", {"username": self.user, "name": "Léa", "password": "userpass123",
                                               "email": self.address, "scope": ["openid", "email"], "enabled": True})
        self.rotate("POST", "mod/plugin")
        return self

    def rotate(self, method="PUT", path="mod/plugin/oidc"):
        """With a new key."""
        private, public = key_pair(*EC)
        self.api(self.admin, method, path, {"module": "oidc", "name": "oidc", "display_name": "OIDC", "enabled": True, "parameters": {
            "iss": self.issuer, "jwt-type": "ecdsa", "jwt-key-size": "256", "key": private, "cert": public,
            "access-token-duration": 600, "refresh-token-duration": 86400, "code-duration": 60, "refresh-token-rolling": True,
            "allow-non-oidc": False, "auth-type-code-enabled": True, "auth-type-token-enabled": False,
            "auth-type-id-token-enabled": False, "auth-type-none-enabled": False, "auth-type-password-enabled": False,
            "auth-type-client-enabled": False, "auth-type-refresh-enabled": False, "secret-type": "public",
            "pkce-allowed": True, "pkce-method-plain-allowed": False, "pkce-required": True,
            "request-parameter-allow": False, "introspection-revocation-allowed": False,
            "allowed-scope": ["openid", "email"], "subject-type": "public", "session-management-allowed": False,
            "additional-parameters": [], "claims": [], "name-claim": "no", "email-claim": "mandatory", "scope-claim": "no"}})
        if method == "PUT": # a plugin takes its settings when it starts
            self.api(self.admin, "PUT", "mod/plugin/oidc/disable")
            self.api(self.admin, "PUT", "mod/plugin/oidc/enable")

    def sign_in(self, browser, location):
        """From where we led the browser to where the provider leads it back."""
        self.api(browser, "POST", "auth/", {"username": self.user, "password": "userpass123"})
        self.api(browser, "PUT", f"auth/grant/{self.client}", {"scope": "openid email"})
        answer = browser.get(location + "&g_continue")
        assert answer.code == 302, f"Glewlwyd: {answer.code} {answer.text[:200]}"
        return answer.location

    def stop(self):
        if self.process is not None:
            self.process.stop()


class Lemon:
    """LemonLDAP::NG with its demonstration users; ID tokens by RS256."""

    logs_out = True
    alg, user, address, client, secret = "RS256", "dwho", "dwho@client.example", "rendez", "asecretof4words"

    def __init__(self, folder, redirect):
        self.folder, self.redirect = pathlib.Path(folder), redirect
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}/"
        for name in ["conf", "cache", "s/lock", "ps/lock"]:
            (self.folder / name).mkdir(parents=True)
        (self.folder / "ll.ini").write_text(
            "[all]\nlogLevel = warn\nlogger = Lemonldap::NG::Common::Logger::Std\n"
            "userLogger = Lemonldap::NG::Common::Logger::Std\ncheckTime = 1\n[configuration]\ntype = File\n"
            f"dirName = {self.folder}/conf\nlocalStorage = Cache::FileCache\nlocalStorageOptions = {{ 'namespace' => 'c', "
            f"'default_expires_in' => 600, 'cache_root' => '{self.folder}/cache', 'directory_umask' => '007', 'cache_depth' => 3 }}\n"
            "[portal]\nstaticPrefix = /static\ntemplateDir = /usr/share/lemonldap-ng/portal/templates\nlanguages = en\n")
        (self.folder / "portal.psgi").write_text(
            "use Plack::Builder; use Lemonldap::NG::Portal::Main; builder { Lemonldap::NG::Portal::Main->run({}); };\n")
        self.process = None
        self.configure(1)

    def configure(self, number):
        """Its whole configuration, with a new key."""
        private, public = key_pair(*RSA)
        made = "Lemonldap::NG::Common::Apache::Session::Generate::SHA256"

        def store(name):
            return {"Directory": f"{self.folder}/{name}", "LockDirectory": f"{self.folder}/{name}/lock", "generateModule": made}

        options = {"ClientID": self.client, "ClientSecret": self.secret, "RedirectUris": self.redirect, "UserIDAttr": "uid",
                   "IDTokenSignAlg": "RS256", "IDTokenForceClaims": 1, "BypassConsent": 1, "RequirePKCE": 1,
                   "LogoutBypassConfirm": 1, "PostLogoutRedirectUris": self.redirect.split("/login/")[0] + "/account"}
        configuration = {
            "cfgNum": number, "cfgAuthor": "test", "cfgDate": number, "cfgVersion": "2.16.1", "key": secrets.token_hex(16),
            "portal": self.issuer, "domain": "127.0.0.1", "securedCookie": 0, "whatToTrace": "uid",
            "authentication": "Demo", "userDB": "Same", "passwordDB": "Null", "registerDB": "Null",
            "demoExportedVars": {"uid": "uid", "cn": "cn", "mail": "mail"}, "exportedVars": {},
            "macros": {"address": "$uid . '@client.example'"}, # the demonstration's own are somebody's domain
            "globalStorage": "Apache::Session::File", "globalStorageOptions": store("s"),
            "persistentStorage": "Apache::Session::File", "persistentStorageOptions": store("ps"),
            "localSessionStorage": "Cache::FileCache", "localSessionStorageOptions": {
                "namespace": "s", "default_expires_in": 600, "directory_umask": "007",
                "cache_root": f"{self.folder}/cache", "cache_depth": 3},
            "locationRules": {f"127.0.0.1:{self.port}": {"default": "accept"}}, "captcha": "::Main::Plugin",
            "captcha_mail_enabled": 0, "captcha_register_enabled": 0, "issuerDBOpenIDConnectActivation": 1,
            "oidcServiceAllowAuthorizationCodeFlow": 1, "oidcServiceKeyIdSig": f"k{number}",
            "oidcServicePrivateKeySig": private, "oidcServicePublicKeySig": public,
            "oidcRPMetaDataOptions": {"rendez": {"oidcRPMetaDataOptions" + k: v for k, v in options.items()}},
            "oidcRPMetaDataExportedVars": {"rendez": {"email": "address"}}}
        (self.folder / f"conf/lmConf-{number}.json").write_text(json.dumps(configuration))
        self.number = number
        web = pwd.getpwnam("www-data")
        for path in [self.folder, *self.folder.rglob("*")]:
            os.chown(path, web.pw_uid, web.pw_gid)

    def start(self):
        command = ["setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", "env",
                   f"LLNG_DEFAULTCONFFILE={self.folder}/ll.ini", "plackup", "-E", "deployment", "-s", "HTTP::Server::PSGI",
                   "--host", "127.0.0.1", "--port", str(self.port), self.folder / "portal.psgi"]
        self.process = Process(["sh", "-c", "umask 077; exec \"$@\"", "lemon", *command], self.folder / "out")
        # The port is open before it is ready, and after a failed start too.
        wait_for(lambda: Browser().get(self.issuer + ".well-known/openid-configuration").code == 200, "LemonLDAP::NG answers", 15)
        return self

    def rotate(self):
        """With a new key. Its own cache would keep the old configuration for minutes: a new start has none."""
        self.stop()
        self.configure(self.number + 1)
        for path in sorted((self.folder / "cache").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        self.start()

    def knows(self, browser, location):
        return browser.get(location).code == 302

    def sign_out(self, browser, location):
        """It asks whether one means it, as no ID token says so: the form is sent as it stands."""
        page = browser.get(location)
        fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
        browser.ask("POST", self.issuer + "oauth2/logout", form={**fields, "confirm": fields.get("confirm", "1")})

    def sign_in(self, browser, location):
        page = browser.get(location)
        if page.code == 302: # a session there already
            return page.location
        fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
        answer = browser.ask("POST", location, form={**fields, "user": self.user, "password": self.user})
        assert answer.code == 302, f"LemonLDAP::NG: {answer.code} {re.sub('<[^>]*>', ' ', answer.text)[:300]}"
        return answer.location

    def stop(self):
        if self.process is not None:
            self.process.stop()


class StandIn:
    """A provider of our own, over TLS with a certificate of `authority` or, without one, plain; it checks
    what we ask of it and says what a test wants: `claims` and `header` change its next ID token."""

    alg, user, address, client, secret = "RS256", "subject-one", "lea@client.example", "rendez", "asecretof4words"

    def __init__(self, folder, redirect, authority=None):
        self.folder, self.redirect = pathlib.Path(folder), redirect
        self.folder.mkdir()
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer(self, None)

            def do_POST(self):
                provider.answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if authority:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*authority.issue(["127.0.0.1"]))
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.issuer = f"http{'s' if authority else ''}://127.0.0.1:{self.port}"
        self.codes, self.asked, self.complaints = {}, [], []
        self.claims, self.header, self.more = {}, {}, {}
        self.number = 0
        self.rotate()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def rotate(self):
        self.number += 1
        self.kid, self.key = f"s{self.number}", self.folder / f"{self.number}.pem"
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.key)
        modulus = openssl("rsa", "-in", self.key, "-noout", "-modulus").decode().strip().split("=")[1]
        self.jwk = {"kty": "RSA", "kid": self.kid, "use": "sig", "alg": "RS256", "e": "AQAB", "n": base64url(bytes.fromhex(modulus))}

    def document(self):
        return {"issuer": self.issuer, "authorization_endpoint": self.issuer + "/authorize", "token_endpoint": self.issuer + "/token",
                "jwks_uri": self.issuer + "/keys", "end_session_endpoint": self.issuer + "/out", "response_types_supported": ["code"],
                "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True, "backchannel_logout_supported": True, **self.more}

    def answer(self, request, body):
        path = urllib.parse.urlsplit(request.path).path
        self.asked.append(path)
        code, value = {"/.well-known/openid-configuration": (200, self.document()), "/keys": (200, {"keys": [self.jwk]})}.get(path, (404, {}))
        if path == "/token":
            code, value = self.redeem(request, dict(urllib.parse.parse_qsl(body)))
        text = json.dumps(value).encode()
        request.send_response(code)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def redeem(self, request, form):
        """As RFC 6749 and RFC 7636 have it; whoever is refused finds the reason in `complaints`."""
        question = self.codes.pop(form.get("code"), None)
        login = base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
        verifier = base64url(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        for good, what in [(question, "code"), (request.headers.get("Authorization") == f"Basic {login}", "login"),
                           (question and verifier == question["code_challenge"], "verifier"),
                           (form.get("redirect_uri") == self.redirect, "redirect"), (form.get("grant_type") == "authorization_code", "grant")]:
            if not good:
                self.complaints.append(what)
                return 400, {"error": "invalid_grant"}
        access = secrets.token_hex(16)
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.user, "aud": self.client, "exp": now + 300, "iat": now, "auth_time": now,
                  "nonce": question["nonce"], "email": self.address, "email_verified": True, "acr": "two", "amr": ["pwd", "otp"],
                  "sid": "sid-1", "at_hash": base64url(hashlib.sha256(access.encode()).digest()[:16]), **self.claims}
        return 200, {"token_type": "Bearer", "access_token": access, "expires_in": 300, "id_token": self.sign(claims, self.header)}

    def sign(self, claims, header=None):
        parts = [{"alg": "RS256", "kid": self.kid, **(header or {})}, {k: v for k, v in claims.items() if v is not None}]
        text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
        return text + "." + base64url(openssl("dgst", "-sha256", "-sign", self.key, data=text.encode()))

    def logout_token(self, **claims):
        now = int(time.time())
        return self.sign({"iss": self.issuer, "aud": self.client, "iat": now, "exp": now + 120, "jti": secrets.token_hex(8),
                          "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, **claims}, {"typ": "logout+jwt"})

    def sign_in(self, browser, location):
        question = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
        for name, value in {"response_type": "code", "client_id": self.client, "redirect_uri": self.redirect,
                            "code_challenge_method": "S256", "scope": "openid email"}.items():
            assert question.get(name) == value, f"{name} is {question.get(name)}"
        assert all(len(question.get(name, "")) == 43 for name in ["state", "nonce", "code_challenge"]), question
        code = secrets.token_urlsafe(24)
        self.codes[code] = question
        return self.redirect + "?" + urllib.parse.urlencode({"code": code, "state": question["state"], "iss": self.issuer})

    def start(self):
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Case:
    """A service, a provider of `kind`, an organisation that signs in there, and its one account."""

    def __init__(self, build, checked, kind, *options, authority=None):
        self.service = Service(build, demo=False)
        self.checked = pathlib.Path(checked)
        folder = self.service.folder
        more = {"authority": authority(folder)} if authority else {}
        self.provider = kind(folder / "provider", self.service.url + "/login/sso/callback", **more)
        if authority:
            options += ("--ca", str(folder / "authority/ca.pem"))
        secret = folder / "secret"
        secret.write_text(self.provider.secret + "\n")
        self.rendez("organisation", "add", "client")
        self.provider.start()
        self.id = json.loads(self.rendez("sso", "add", "client", self.provider.issuer, "--client", self.provider.client,
                                         "--secret-file", secret, "--domains", "client.example", "--loopback", "--json", *options))["id"]
        self.account(self.provider.address)
        self.service.start()

    def rendez(self, *words):
        return self.service.command(*words[:2], "--passphrase-file", self.service.passphrase, *words[2:])

    def json(self, *words):
        return json.loads(self.rendez(*words, "--json"))

    def refusals(self):
        """How often a provider did not answer as it should."""
        return self.service.log.read_text().count('"provider.answer.refused"')

    @property
    def host(self):
        return urllib.parse.urlsplit(self.service.url).netloc

    def log(self):
        """The kinds of the entries of authd's log, in order."""
        database = sqlite3.connect(f"file:{self.service.dir}/identity/identity.db?mode=ro", uri=True)
        try:
            return [kind for kind, in database.execute("select kind from log_entry order by seq")]
        finally:
            database.close()

    def account(self, address):
        subprocess.run([self.checked / "tests/roles/seed_account", self.service.dir, self.service.passphrase, "client", address], check=True)

    def invite(self, address, person):
        subprocess.run([self.checked / "tests/roles/seed_account", self.service.dir, self.service.passphrase, "client", address, person],
                       check=True, stdout=subprocess.DEVNULL)

    def ask(self, browser, method, path, document=None):
        """As a page of ours would."""
        return browser.ask(method, self.service.url + "/api/v1" + path, document=document, headers={"Sec-Fetch-Site": "same-origin"})

    def begin(self, browser):
        answer = browser.get(f"{self.service.url}/login/sso/{self.id}")
        assert answer.code == 303, f"{answer.code} {answer.text[:200]}"
        return answer.location

    def sign_in(self, browser=None):
        """The whole way there and back: the browser, and where we lead it last."""
        browser = browser or Browser()
        back = self.provider.sign_in(browser, self.begin(browser))
        assert back.startswith(self.service.url + "/login/sso/callback?"), back
        return browser, browser.get(back).location

    def me(self, browser):
        return self.ask(browser, "GET", "/me")

    def log_out(self, browser):
        """Where the provider's session ends, or None."""
        answer = self.ask(browser, "POST", "/logout", {})
        assert answer.code == 200, f"{answer.code} {answer.text}"
        return answer.json().get("provider_logout")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.provider.stop()
        self.service.__exit__(*error)
