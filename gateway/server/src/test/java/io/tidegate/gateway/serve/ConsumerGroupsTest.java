package io.tidegate.gateway.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.tidegate.gateway.admission.SeenThrough;
import io.tidegate.gateway.log.EventLog;
import io.tidegate.gateway.log.LogFixture;
import io.tidegate.gateway.log.LogStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsumerGroupsTest {

    private static final Duration EXPIRY = Duration.ofHours(1);

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<GroupReply> answers = kit.createTestProbe();
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    private Path folder;

    private LogStore store;
    private ActorRef<ConsumerGroups.Command> groups;

    @BeforeEach
    void open() throws Exception {
        store = LogFixture.open(folder);
        ConsumerSettings settings = new ConsumerSettings(
                List.of(), EXPIRY, 1 << 20, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(1));
        groups = kit.spawn(ConsumerGroups.create(new ServeContext(
                store,
                kit.<EventLog.Command>createTestProbe().ref(),
                new SeenThrough(Clock.systemUTC(), Duration.ZERO, 0),
                settings,
                new ConsumerCounters(),
                nanos::get)));
    }

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        store.close();
    }

    @Test
    void a_run_that_begins_in_the_moment_of_expiry_keeps_its_group() {
        begin("first");

        // What the group has said of itself is on its way when the run begins.
        nanos.addAndGet(EXPIRY.toNanos());
        groups.tell(route(new ConsumerGroup.BeginRun("second", Map.of(), answers.ref())));
        groups.tell(new ConsumerGroups.Expired("app"));

        assertThat(epoch()).isEqualTo(2);
        assertThat(describe()).isEqualTo(2);
        assertThat(store.groups()).containsKey("app");
    }

    @Test
    void a_run_that_begins_right_behind_the_expiry_registers_the_group_anew() {
        begin("first");

        nanos.addAndGet(EXPIRY.toNanos());
        groups.tell(new ConsumerGroups.Expired("app"));
        groups.tell(route(new ConsumerGroup.BeginRun("second", Map.of(), answers.ref())));

        assertThat(epoch()).isEqualTo(1);
        assertThat(store.groups()).containsKey("app");
    }

    @Test
    void a_group_that_nobody_came_for_is_dropped() {
        begin("first");

        nanos.addAndGet(EXPIRY.toNanos());
        groups.tell(new ConsumerGroups.Expired("app"));

        await().until(() -> !store.groups().containsKey("app"));
        groups.tell(route(new ConsumerGroup.Describe(answers.ref())));
        assertThat(answers.receiveMessage())
                .isInstanceOfSatisfying(
                        GroupReply.Refused.class, no -> assertThat(no.reason()).isEqualTo(RefusalReason.UNKNOWN_GROUP));
    }

    private void begin(String run) {
        groups.tell(route(new ConsumerGroup.BeginRun(run, Map.of(), answers.ref())));
        assertThat(epoch()).isEqualTo(1);
    }

    private long describe() {
        groups.tell(route(new ConsumerGroup.Describe(answers.ref())));
        return epoch();
    }

    private long epoch() {
        return ((GroupReply.Granted) answers.receiveMessage()).cursors().epoch();
    }

    private static ConsumerGroups.Route route(ConsumerGroup.Request request) {
        return new ConsumerGroups.Route("app", request);
    }
}
