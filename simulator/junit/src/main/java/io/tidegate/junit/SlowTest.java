package io.tidegate.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that takes tens of seconds because it kills, cuts and waits. {@code ./mvnw verify -Pslow} runs all of them, CI a slice
 * that fits into its time.
 *
 * <p>A failure is one of three things ({@link Outcome}). A contradiction is red at once. Patience that ran out while the
 * machine was starved of CPU is reported and not red. Anything else is repeated once with the same seed and once with another
 * one, and is red when it fails three times.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Tag("slow")
@TestTemplate
@ExtendWith(SlowTests.class)
public @interface SlowTest {

    /** What it takes on two cores, in seconds; 180 at most. A slice is planned with it. */
    int seconds();
}
