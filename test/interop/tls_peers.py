"""Certificates for the tests, made by the openssl command, and what else both TLS tests share."""

import pathlib
import subprocess
import tempfile


class Certificates:
    """`ca`, and what it has signed: `server` (for localhost, 127.0.0.1 and game.test) and `client`."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name)
        self._run("req", "-x509", *self._key("ca"), "-subj", "/CN=test authority", "-days", "1", "-out", self.cert("ca"))
        self.sign("server", "DNS:localhost,IP:127.0.0.1,DNS:game.test")
        self.sign("client", "URI:spiffe://test/client,DNS:client.test")

    def cert(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}.key"

    def read(self, name):
        """The key and the certificate, as grpcio wants them."""
        return self.key(name).read_bytes(), self.cert(name).read_bytes()

    def ca(self):
        return self.cert("ca").read_bytes()

    def sign(self, name, alternative_names):
        self._run("req", "-new", *self._key(name), "-subj", f"/CN={name}", "-out", self.folder / "request.pem")
        extensions = self.folder / "extensions"
        extensions.write_text(f"subjectAltName={alternative_names}\n", encoding="ascii")
        self._run("x509", "-req", "-in", self.folder / "request.pem", "-CA", self.cert("ca"), "-CAkey", self.key("ca"),
                  "-CAcreateserial", "-days", "1", "-extfile", extensions, "-out", self.cert(name))

    def _key(self, name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.key(name))

    def _run(self, *arguments):
        run = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise RuntimeError(f"openssl {arguments[0]}: {run.stderr}")
