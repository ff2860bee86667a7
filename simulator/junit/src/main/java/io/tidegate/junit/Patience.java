package io.tidegate.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long a test waits for what must come: generous, because it says nothing about speed. A test on a busy machine waits
 * longer; only one that is wrong waits so long. JUnit registers it for every test of every module, anew for each, so that it
 * outlives {@link Awaitility#reset}.
 */
public final class Patience implements BeforeAllCallback, BeforeEachCallback {

    /** What {@code await()} waits unless told otherwise; for waiting by other means. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LIMIT);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}
