package io.tidegate.harness;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that signs itself, for 127.0.0.1 and localhost, made by the JDK's keytool.
 *
 * @param pem certificate and private key
 * @param truststore PKCS#12 with the certificate alone; the password is {@value #PASSWORD}
 */
public record Certificate(Path pem, Path truststore) {

    /** The password of the stores. */
    public static final String PASSWORD = "changeit";

    /** Makes one, in files of this name. */
    public static Certificate selfSigned(Path folder, String name) {
        try {
            Path keystore = folder.resolve(name + "-key.p12");
            keytool(
                    keystore,
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=ip:127.0.0.1,dns:localhost");
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keystore)) {
                store.load(in, PASSWORD.toCharArray());
            }
            java.security.cert.Certificate certificate = store.getCertificate("own");
            String pem = pem("CERTIFICATE", certificate.getEncoded())
                    + pem(
                            "PRIVATE KEY",
                            store.getKey("own", PASSWORD.toCharArray()).getEncoded());
            Path pemFile = Files.writeString(folder.resolve(name + ".pem"), pem);
            Path truststore = folder.resolve(name + "-trust.p12");
            keytool(truststore, "-importcert", "-noprompt", "-file", pemFile.toString());
            return new Certificate(pemFile, truststore);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path store, String command, String... options) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                command,
                "-alias",
                "own",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        line.addAll(List.of(options));
        Program.run(line);
    }

    private static String pem(String what, byte[] der) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }
}
