package io.tidegate.processor.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this build. */
public final class Version {

    /** As Maven knows it. */
    public static final String TEXT = read();

    private Version() {}

    private static String read() {
        try (InputStream in = Objects.requireNonNull(
                Version.class.getResourceAsStream("/io/tidegate/processor/version.properties"), "part of the build")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties is part of the build", e);
        }
    }
}
