package io.tidegate.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.testkit.engine.EventConditions.abortedWithReason;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.opentest4j.TestAbortedException;

/** What becomes of a slow test that fails. */
class SlowTestsTest {

    private static final String RECORD = "tidegate.slow-record";
    private static final String UNTIL = "tidegate.slow-until";

    private final String seed = System.getProperty(Seed.PROPERTY, "");
    private final String record = System.getProperty(RECORD, "");

    @TempDir
    private Path folder;

    @BeforeEach
    void recordHereAndBeCalm() throws IOException {
        System.setProperty(RECORD, folder.resolve("record.tsv").toString());
        System.setProperty(CpuPressure.PROPERTY, folder.resolve("pressure").toString());
        pressure("7.55");
        new Seed(17).set();
    }

    @AfterEach
    void recordThereAgain() {
        System.setProperty(RECORD, record);
        System.setProperty(Seed.PROPERTY, seed);
        System.clearProperty(UNTIL);
        System.clearProperty(CpuPressure.PROPERTY);
    }

    @Test
    void what_is_green_runs_once() throws IOException {
        run().assertThatEvents().haveExactly(1, event(test(), finishedSuccessfully()));

        assertThat(record()).containsExactly("Played.plays 17 green");
    }

    @Test
    void a_contradiction_is_red_at_once() throws IOException {
        run(new AssertionError("2 events where 1 was sent"))
                .assertThatEvents()
                .haveExactly(1, event(test(), finishedWithFailure()));

        assertThat(record()).containsExactly("Played.plays 17 contradiction");
    }

    @Test
    void what_is_unclear_is_repeated_with_the_same_seed_and_then_with_another() throws IOException {
        Exception silence = new ConditionTimeoutException("nothing came");
        Events events = run(silence, new IOException("broken pipe"));

        events.assertThatEvents()
                .haveExactly(2, event(test(), abortedWithReason()))
                .haveExactly(1, event(test(), finishedSuccessfully()));
        assertThat(record().subList(0, 2)).containsExactly("Played.plays 17 unclear", "Played.plays 17 unclear");
        assertThat(record().get(2)).matches("Played.plays \\d+ green").isNotEqualTo("Played.plays 17 green");
    }

    @Test
    void what_is_unclear_three_times_is_red() throws IOException {
        Exception silence = new ConditionTimeoutException("nothing came");

        run(silence, silence, silence).assertThatEvents().haveExactly(1, event(test(), finishedWithFailure()));
        assertThat(record()).hasSize(3);
    }

    @Test
    void nothing_begins_that_would_not_end_in_time() throws IOException {
        System.setProperty(UNTIL, "0");

        assertThat(run().skipped().count()).isOne();
        assertThat(folder.resolve("record.tsv")).doesNotExist();
    }

    @Test
    void patience_that_ran_out_on_a_starved_machine_is_reported_and_not_red() throws IOException {
        pressure("93.40");

        run(new ConditionTimeoutException("nothing came"))
                .assertThatEvents()
                .haveExactly(1, event(test(), abortedWithReason()));
        assertThat(record()).containsExactly("Played.plays 17 busy");
    }

    @Test
    void patience_on_a_starved_machine_says_nothing() {
        Exception silence = new IllegalStateException(new TimeoutException());

        assertThat(Outcome.of(silence, true)).isEqualTo(Outcome.BUSY);
        assertThat(Outcome.of(silence, false)).isEqualTo(Outcome.UNCLEAR);
        assertThat(Outcome.of(new AssertionError("1 lost"), true)).isEqualTo(Outcome.CONTRADICTION);
        assertThat(Outcome.of(new TestAbortedException("not installed"), true)).isEqualTo(Outcome.SKIPPED);
    }

    /** What the kernel says of the last minute. */
    private void pressure(String percent) throws IOException {
        Files.writeString(
                folder.resolve("pressure"),
                "some avg10=99.00 avg60=" + percent + " avg300=80.00 total=41228106\n"
                        + "full avg10=99.00 avg60=99.00 avg300=99.00 total=0\n");
    }

    /** Runs one slow test, whose attempts end one after the other so, then green. */
    private static Events run(Throwable... ends) {
        Played.ENDS.clear();
        Played.ENDS.addAll(List.of(ends));
        return EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(Played.class))
                .execute()
                .allEvents();
    }

    private List<String> record() throws IOException {
        return Files.readAllLines(folder.resolve("record.tsv")).stream()
                .map(line -> line.split("\t"))
                .map(fields -> fields[0] + " " + fields[1] + " " + fields[2])
                .toList();
    }

    /** Not found by the build, because its name is not a test's. */
    static class Played {
        static final List<Throwable> ENDS = new ArrayList<>();

        @SlowTest(seconds = 1)
        void plays() throws Throwable {
            if (!ENDS.isEmpty()) {
                throw ENDS.remove(0);
            }
        }
    }
}
