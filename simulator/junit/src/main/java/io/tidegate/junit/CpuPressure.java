package io.tidegate.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of the last minute some process of this machine waited for a core, as the kernel tells
 * (<a href="https://docs.kernel.org/accounting/psi.html">pressure stall information</a>).
 */
final class CpuPressure {

    /** From here on a minute of waiting proves nothing: the tests alone stay well below. */
    private static final double STARVED_PERCENT = 70;

    /** Names another file than the kernel's, for the tests of this. */
    static final String PROPERTY = "tidegate.cpu-pressure";

    private static final String KERNEL = "/proc/pressure/cpu";
    private static final Pattern LAST_MINUTE = Pattern.compile("some .*avg60=([0-9.]+)");

    private CpuPressure() {}

    /** Whether the machine is starved; false where the kernel does not tell. */
    static boolean isStarved() {
        try {
            return percent(Files.readString(Path.of(System.getProperty(PROPERTY, KERNEL)))) >= STARVED_PERCENT;
        } catch (IOException e) {
            return false;
        }
    }

    /** The share of the last minute; 0 when it is not there. */
    static double percent(String pressure) {
        Matcher found = LAST_MINUTE.matcher(pressure);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }
}
